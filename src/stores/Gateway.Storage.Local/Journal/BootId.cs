namespace Gateway.Storage.Local.Journal;

/// <summary>
/// Identifies one boot of the machine, so that a journal can detect a reboot. If the system has no such id, it is
/// empty, which counts as a new boot each time: stricter, never looser.
/// </summary>
internal static class BootId
{
    private const string LinuxPath = "/proc/sys/kernel/random/boot_id";

    /// <summary>Returns the id of the current boot; empty if there is none.</summary>
    public static string Read()
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.ReadAllText(LinuxPath).Trim() : "";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
