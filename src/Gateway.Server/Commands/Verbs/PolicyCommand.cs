using System.CommandLine;

namespace Gateway.Server.Commands.Verbs;

/// <summary><c>gateway policy</c>: set, check, explain and test policies.</summary>
internal static class PolicyCommand
{
    public static Command Create() => new("policy", "Set, validate, explain and test policies.")
    {
        PolicySet.Create(),
        PolicyValidate.Create(),
        PolicyExplain.Create(),
        PolicyTest.Create(),
    };
}
