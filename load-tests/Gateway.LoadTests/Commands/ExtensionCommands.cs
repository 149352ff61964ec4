using System.CommandLine;

namespace Gateway.LoadTests.Commands;

/// <summary>The commands that measure an extension. Without it, their files are not compiled.</summary>
internal static partial class ExtensionCommands
{
    public static void Add(RootCommand root) => AddRateLimits(root);

    static partial void AddRateLimits(RootCommand root);
}
