namespace Gateway.Storage.Local.Journal;

/// <summary>
/// The folder that a journal lives in. A seam because the journal's promises are about what a disk does when it fails:
/// tests put one here that tears, fills up and forgets.
/// </summary>
internal interface IJournalDisk
{
    /// <summary>Opens a file for reading and appending; null if there is none.</summary>
    IJournalFile? Open(string name);

    /// <summary>Makes an empty file, in place of one with that name.</summary>
    IJournalFile Create(string name);

    /// <summary>Replaces one file by another in a single step.</summary>
    void Rename(string from, string to);

    /// <summary>Makes renames and new names survive the end of the machine.</summary>
    void SyncFolder();
}
