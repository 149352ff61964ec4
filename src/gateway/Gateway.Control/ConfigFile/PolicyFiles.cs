using Gateway.Control.Snapshots;
using Gateway.Policy;
using Gateway.Policy.Json;
using Gateway.Policy.Lists;
using Gateway.Policy.Problems;
using Gateway.Policy.Tools.Testing;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// A loader of the policies of a configuration, given in place or as files next to the configuration.
/// </summary>
/// <param name="configPath">The configuration file.</param>
/// <param name="files">Reads files and remembers their content.</param>
/// <param name="lists">The lists that policies may name.</param>
/// <param name="problem">Receives a JSON Pointer into the configuration file, and the problem there.</param>
/// <param name="ofPolicy">Receives the problems in a policy.</param>
/// <param name="tests">The effect of a failing test: <c>warn</c> or <c>refuse</c>; <c>off</c> runs no tests.</param>
internal sealed class PolicyFiles(
    string configPath,
    ConfigFiles files,
    NamedLists lists,
    Action<string, string> problem,
    Action<PolicyProblem> ofPolicy,
    string tests)
{
    /// <summary>Returns the compiled policies. A policy with an error is reported and omitted.</summary>
    public List<PolicyDefinition> Load(Dictionary<string, JsonNode> policies, byte[] configFile)
    {
        var loaded = new List<PolicyDefinition>();
        var inline = InlinePolicies.Cut(configFile);
        foreach (var (name, node) in policies)
        {
            var place = JsonPointer.Of(["policies", name]);
            if (!EntityName.IsValid(name))
                problem(place, $"\"{name}\" is not a valid name for a policy; {EntityName.Rule}");
            var file = node.FileReference();
            // A policy given in place is part of the configuration file, and so are the pointers to its problems.
            var (bytes, path, root) = file is null
                ? (inline[name], configPath, place)
                : (Read(place, file), Beside(file), "");
            if (bytes is null || Compile(bytes, path, root) is not { } policy)
                continue;
            loaded.Add(new PolicyDefinition(name, policy, Trim(bytes)));
            // Tests are read from the text, so a policy without any is parsed only once.
            if (policy.HasTests)
                Test(policy, bytes, path, root);
            if (file is not null && tests != "off" && TestsBeside(path) is { } beside)
                Test(policy, beside, CallTests.Beside(path), "");
        }

        return loaded;
    }

    private CompiledPolicy? Compile(byte[] bytes, string path, string root)
    {
        var result = PolicyLoader.Load(bytes, path, lists);
        foreach (var found in result.Problems)
            ofPolicy(found with { Pointer = root + found.Pointer });
        return result.Policy;
    }

    private void Test(CompiledPolicy policy, byte[] bytes, string path, string root)
    {
        // Lists and budgets of the store are unknown until it is open; these tests run then.
        if (tests == "off" || !lists.Covers(policy.Lists, policy.Budgets))
            return;
        var severity = tests == "refuse" ? ProblemSeverity.Error : ProblemSeverity.Warning;
        foreach (var failure in CallTests.Run(policy, bytes, path, lists).Failures)
            ofPolicy(failure with { Pointer = root + failure.Pointer, Severity = severity });
    }

    /// <summary>Returns the content of the file of tests next to a policy's file; null if there is none.</summary>
    private byte[]? TestsBeside(string policy)
    {
        try
        {
            return files.ReadIfThere(CallTests.Beside(policy));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ofPolicy(new PolicyProblem(ProblemSeverity.Error, CallTests.Beside(policy), 1, 1, "",
                $"the tests cannot be read: {e.Message}"));
            return null;
        }
    }

    private byte[]? Read(string place, string file)
    {
        try
        {
            return files.Read(Beside(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem($"{place}/file", $"the policy cannot be read: {e.Message}");
            return null;
        }
    }

    /// <summary>Removes the spaces that keep a document given in place at its line.</summary>
    private static ReadOnlyMemory<byte> Trim(byte[] bytes) => bytes.AsMemory().Trim(" \t\r\n"u8);

    private string Beside(string file) => Path.Combine(Path.GetDirectoryName(configPath) ?? "", file);
}
