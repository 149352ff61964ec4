namespace Gateway.Audit.Directories;

/// <summary>What the system says of the volume that a directory is on.</summary>
public static class Volume
{
    /// <summary>A figure in bytes; null where it cannot be had.</summary>
    /// <param name="directory">It is there.</param>
    /// <param name="figure">Which one.</param>
    /// <param name="why">Why it cannot be had.</param>
    public static long? Read(string directory, Func<DriveInfo, long> figure, out Exception? why)
    {
        why = null;
        try
        {
            return figure(new DriveInfo(Path.GetFullPath(directory)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            why = e;
            return null;
        }
    }
}
