namespace Gateway.Storage.Local.Journal;

/// <summary>
/// The folder of a journal. It is an interface because the journal's guarantees concern disk failures: tests substitute
/// one that tears writes, fills up and loses data.
/// </summary>
internal interface IJournalDisk
{
    /// <summary>Opens a file for reading and appending; returns null if there is none.</summary>
    IJournalFile? Open(string name);

    /// <summary>Creates an empty file, replacing one with that name.</summary>
    IJournalFile Create(string name);

    /// <summary>Replaces one file with another atomically.</summary>
    void Rename(string from, string to);

    /// <summary>Makes renames and new names survive the end of the machine.</summary>
    void SyncFolder();
}
