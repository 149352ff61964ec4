namespace Gateway.Orleans.Accounts;

/// <summary>Opens storage accounts of one cloud.</summary>
public interface IFleetAccounts
{
    /// <summary>Opens the account of a connection string.</summary>
    /// <exception cref="FormatException">It is not a connection string of an account.</exception>
    IFleetAccount Open(string connectionString);

    /// <summary>Opens an account that knows this process by its identity.</summary>
    /// <param name="blobs">The address of its blobs.</param>
    /// <param name="tables">The address of its tables; null if none is used.</param>
    /// <exception cref="FormatException">An address is not https.</exception>
    IFleetAccount Open(Uri blobs, Uri? tables);

    /// <summary>Returns the message of an account or an identity; null for any other exception.</summary>
    string? ProblemOf(Exception exception);

    /// <summary>Returns true if the account cannot be reached now; a start waits for it.</summary>
    bool IsAway(Exception exception);
}

/// <summary>An account in which a fleet keeps what it shares.</summary>
public interface IFleetAccount
{
    /// <summary>Has a silo find the others in the account.</summary>
    void Join(ISiloBuilder silo);

    /// <summary>Has a frontend find the silos in the account.</summary>
    void Join(IClientBuilder client);

    /// <summary>Has a silo keep reservations and control documents in the account.</summary>
    void KeepIn(ISiloBuilder silo);
}
