using System.CommandLine;
using Gateway.Hosting.Extensions;

namespace Gateway.Server.Tests.Fixtures;

/// <summary>The extensions of the program as a command line runs them.</summary>
internal static class DefaultExtensions
{
    /// <summary>Those that run without any option.</summary>
    public static IReadOnlyList<ExtensionSetup> All { get; } = Read();

    /// <summary>Returns the parts that run with these arguments.</summary>
    public static IReadOnlyList<ExtensionSetup> Read(params string[] arguments)
    {
        var command = new RootCommand();
        foreach (var extension in ProgramExtensions.All)
            extension.AddOptions(command);
        var parsed = command.Parse(arguments);
        return [.. ProgramExtensions.All.Select(extension => extension.Read(parsed)).OfType<ExtensionSetup>()];
    }
}
