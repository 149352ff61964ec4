using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Policy;
using Gateway.Proxy.Snapshots;

namespace Gateway.Proxy.Configuration;

/// <summary>Loads the policies of a configuration: documents in place, and files beside the configuration.</summary>
internal sealed class PolicyFiles(
    string configPath,
    ConfigFiles files,
    ImmutableArray<ConfigProblem>.Builder problems,
    ImmutableArray<ConfigProblem>.Builder warnings)
{
    /// <summary>The compiled policies; one with an error is reported and missing.</summary>
    public List<PolicyDefinition> Load(Dictionary<string, JsonElement> policies, byte[] configFile)
    {
        var loaded = new List<PolicyDefinition>();
        var inline = InlinePolicies.Cut(configFile);
        foreach (var (name, element) in policies)
        {
            var place = $"{configPath} at {JsonPointer.Of(["policies", name])}";
            if (!EntityName.IsValid(name))
                problems.Add(new ConfigProblem(place, $"\"{name}\" is no name for a policy; {EntityName.Rule}"));
            var (bytes, path) = IsFileReference(element, out var file)
                ? (Read(place, file), Beside(file))
                : (inline[name], configPath);
            if (bytes is not null && Compile(bytes, path) is { } policy)
                loaded.Add(new PolicyDefinition(name, policy, Trim(bytes)));
        }

        return loaded;
    }

    private CompiledPolicy? Compile(byte[] bytes, string path)
    {
        var result = PolicyLoader.Load(bytes, path);
        foreach (var problem in result.Problems)
        {
            var to = problem.Severity == ProblemSeverity.Error ? problems : warnings;
            to.Add(new ConfigProblem($"{problem.File}:{problem.Line}:{problem.Column}",
                $"at {problem.Pointer}: {problem.Message}"));
        }

        return result.Policy;
    }

    private byte[]? Read(string place, string file)
    {
        try
        {
            return files.Read(Beside(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new ConfigProblem($"{place}/file", $"the policy cannot be read: {e.Message}"));
            return null;
        }
    }

    /// <summary>Without the blanks that keep a document in place at its line.</summary>
    private static ReadOnlyMemory<byte> Trim(byte[] bytes) => bytes.AsMemory().Trim(" \t\r\n"u8);

    private string Beside(string file) => Path.Combine(Path.GetDirectoryName(configPath) ?? "", file);

    private static bool IsFileReference(JsonElement element, out string file)
    {
        file = "";
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() != 1
            || !element.TryGetProperty("file", out var value) || value.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        file = value.GetString()!;
        return true;
    }
}
