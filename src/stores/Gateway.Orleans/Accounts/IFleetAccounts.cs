namespace Gateway.Orleans.Accounts;

/// <summary>Opens storage accounts of one cloud provider.</summary>
public interface IFleetAccounts
{
    /// <summary>Opens the account of a connection string.</summary>
    /// <exception cref="FormatException">The text is not a connection string of an account.</exception>
    IFleetAccount Open(string connectionString);

    /// <summary>Opens an account with the identity of this process.</summary>
    /// <param name="blobs">The address of the account's blobs.</param>
    /// <param name="tables">The address of the account's tables; null if none are used.</param>
    /// <exception cref="FormatException">An address is not https.</exception>
    IFleetAccount Open(Uri blobs, Uri? tables);

    /// <summary>Returns the message of an account or identity exception; null for any other exception.</summary>
    string? ProblemOf(Exception exception);

    /// <summary>Returns true if the account is temporarily unreachable, so that a start should wait for it.</summary>
    bool IsAway(Exception exception);
}

/// <summary>An account that holds the shared state of a fleet.</summary>
public interface IFleetAccount
{
    /// <summary>Configures a silo to find the others through the account.</summary>
    void Join(ISiloBuilder silo);

    /// <summary>Configures a frontend to find the silos through the account.</summary>
    void Join(IClientBuilder client);

    /// <summary>Configures a silo to store reservations and control documents in the account.</summary>
    void KeepIn(ISiloBuilder silo);
}
