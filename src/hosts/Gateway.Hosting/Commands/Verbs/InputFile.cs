namespace Gateway.Hosting.Commands.Verbs;

/// <summary>A file argument; <c>-</c> is standard input.</summary>
internal static class InputFile
{
    /// <summary>Returns true if a file argument means standard input: <c>-</c>, as in most Unix programs.</summary>
    public static bool IsStandardInput(FileInfo file) => file.ToString() == "-";

    /// <summary>Returns the path that error messages show.</summary>
    public static string Shown(FileInfo file) => IsStandardInput(file) ? "<stdin>" : file.ToString();

    /// <summary>
    /// Returns the full path, from which paths in the file are resolved; standard input has no folder.
    /// </summary>
    public static string PathOf(FileInfo file) => IsStandardInput(file) ? Shown(file) : file.FullName;

    /// <summary>Reads a file, a pipe or standard input; returns null after an error message.</summary>
    public static byte[]? Read(FileInfo file)
    {
        if (IsStandardInput(file))
        {
            using var input = Console.OpenStandardInput();
            using var all = new MemoryStream();
            input.CopyTo(all);
            return all.ToArray();
        }

        if (Directory.Exists(file.FullName))
        {
            Console.Error.WriteLine($"{file} is a directory; name the file in it.");
            return null;
        }

        try
        {
            return File.ReadAllBytes(file.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{file} cannot be read: {e.Message}");
            return null;
        }
    }
}
