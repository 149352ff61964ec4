using System.CommandLine;

namespace Gateway.Hosting.Extensions;

/// <summary>
/// An optional part of a program. The program's <c>Extensions.cs</c> lists it, and no other code names it.
/// </summary>
public abstract class GatewayExtension
{
    /// <summary>Adds its options to the command that runs a gateway.</summary>
    public virtual void AddOptions(Command command)
    {
    }

    /// <summary>Returns the part that this process runs; null if its options do not ask for it.</summary>
    public abstract ExtensionSetup? Read(ParseResult parsed);
}
