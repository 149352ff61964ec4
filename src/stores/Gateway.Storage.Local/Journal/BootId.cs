namespace Gateway.Storage.Local.Journal;

/// <summary>
/// Names one run of the machine, so that a journal knows whether it was rebooted since. Where the system has no such
/// name the answer is empty, which counts as another boot each time: stricter, never looser.
/// </summary>
internal static class BootId
{
    private const string LinuxPath = "/proc/sys/kernel/random/boot_id";

    /// <summary>The present run's name; empty if it has none.</summary>
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
