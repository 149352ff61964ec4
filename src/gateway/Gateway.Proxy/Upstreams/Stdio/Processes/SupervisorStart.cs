using System.Collections.Immutable;

namespace Gateway.Proxy.Upstreams.Stdio.Processes;

/// <summary>The command for starting this executable again as the supervisor of its children.</summary>
/// <param name="Path">The executable's absolute path.</param>
/// <param name="Arguments">The arguments that make it supervise programs.</param>
public sealed record SupervisorStart(string Path, ImmutableArray<string> Arguments)
{
    /// <summary>The argument with which an executable supervises programs and does nothing else.</summary>
    public const string Verb = "supervise-programs";

    /// <summary>
    /// Returns the command for the executable of <paramref name="assembly"/> with <see cref="Verb"/>; null if its file
    /// is unknown.
    /// </summary>
    /// <param name="assembly">The path of the executable's assembly; empty in a single-file build.</param>
    public static SupervisorStart? Of(string assembly)
    {
        if (Environment.ProcessPath is not { } process)
            return null;
        if (assembly.Length == 0 || Name(process) == Name(assembly))
            return new SupervisorStart(process, [Verb]);
        return Name(process) == "dotnet"
            ? new SupervisorStart(process, [assembly, Verb])
            : new SupervisorStart(System.IO.Path.ChangeExtension(assembly, null), [Verb]);
    }

    private static string Name(string path) => System.IO.Path.GetFileNameWithoutExtension(path);
}
