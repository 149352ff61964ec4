using System.Collections.Immutable;

namespace Gateway.Mcp;

/// <summary>How this executable is started again as the supervisor of its children.</summary>
/// <param name="Path">The executable's absolute path.</param>
/// <param name="Arguments">What makes it run <see cref="Supervisor"/>.</param>
public sealed record SupervisorStart(string Path, ImmutableArray<string> Arguments)
{
    /// <summary>
    /// The executable that <paramref name="assembly"/> is, run with <paramref name="verb"/>; null where its file is not
    /// known.
    /// </summary>
    /// <param name="assembly">The path of the executable's assembly; empty where all is one file.</param>
    /// <param name="verb">The verb that runs <see cref="Supervisor"/>.</param>
    public static SupervisorStart? Of(string assembly, string verb)
    {
        if (Environment.ProcessPath is not { } process)
            return null;
        if (assembly.Length == 0 || Name(process) == Name(assembly))
            return new SupervisorStart(process, [verb]);
        return Name(process) == "dotnet"
            ? new SupervisorStart(process, [assembly, verb])
            : new SupervisorStart(System.IO.Path.ChangeExtension(assembly, null), [verb]);
    }

    private static string Name(string path) => System.IO.Path.GetFileNameWithoutExtension(path);
}
