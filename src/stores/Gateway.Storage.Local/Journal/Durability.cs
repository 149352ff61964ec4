namespace Gateway.Storage.Local.Journal;

/// <summary>The failures that a reservation in the journal must survive before it counts as written.</summary>
public enum Durability
{
    /// <summary>
    /// Survives the end of the process (<c>kill -9</c>). After a reboot, windows under one hour that began before it
    /// are refused.
    /// </summary>
    Process,

    /// <summary>Survives the end of the machine (loss of power): every batch is synced to the disk.</summary>
    Machine,
}
