"""`python -m lvz_ledger`, for whoever did not install the script."""

from lvz_ledger.main import main

if __name__ == "__main__":
    main()
