using System.CommandLine;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary><c>gateway policy</c>: set, check, explain, test, compare and recommend policies.</summary>
internal static class PolicyCommand
{
    public static Command Create()
    {
        var command = new Command("policy", "Set, show, validate, explain, test and compare policies.")
        {
            PolicySet.Create(),
            PolicyValidate.Create(),
            PolicyExplain.Create(),
            PolicyTest.Create(),
            PolicyDiffVerb.Create(),
            PolicyImport.Create(),
            PolicyDraftVerb.Create(),
            PolicyCandidate.Create(),
            PolicyRecommend.Create(),
        };
        foreach (var verb in PolicyStored.Create().Concat(PolicyHistory.Create()))
            command.Add(verb);
        return command;
    }
}
