namespace Gateway.Audit.Directories;

/// <summary>Figures of the volume that contains a directory.</summary>
public static class Volume
{
    /// <summary>Returns a figure in bytes, or null if the system does not provide it.</summary>
    /// <param name="directory">An existing directory.</param>
    /// <param name="figure">Selects the figure.</param>
    /// <param name="why">The reason if the figure is not available.</param>
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
