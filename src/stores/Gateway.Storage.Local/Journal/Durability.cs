namespace Gateway.Storage.Local.Journal;

/// <summary>What a reservation in the journal has to survive before it counts as written.</summary>
public enum Durability
{
    /// <summary>
    /// The end of the process (<c>kill -9</c>). After a reboot, windows under one hour that began before it are
    /// refused.
    /// </summary>
    Process,

    /// <summary>The end of the machine (power loss): every batch is synced to the disk.</summary>
    Machine,
}
