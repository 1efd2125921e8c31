"""Faces on this machine's CPU: OpenCV networks and face_recognition, weights from packages."""

from app.adapters.embedded.face.engine import OpencvFaceEngine

__all__ = ["OpencvFaceEngine"]
