using Gateway.Policy.Classes;
using Gateway.Policy.Lists;

namespace Gateway.Policy.Tests;

/// <summary>Documents and decisions in one line.</summary>
internal static class Policies
{
    public static PolicyLoadResult Load(string json, NamedLists? lists = null) =>
        PolicyLoader.Load(Encoding.UTF8.GetBytes(json), "p.json", lists);

    public static NamedLists ListsOf(params (string Name, string[] Values)[] lists) =>
        new(lists.ToDictionary(static list => list.Name, static list => (NamedList?)new NamedList(list.Values)));

    public static PolicyBinding Bind(
        string json, string grant = "g", string server = "s", NamedLists? lists = null)
    {
        var loaded = Load(json, lists: lists);
        Assert.True(loaded.Policy is not null, string.Join('\n', loaded.Problems));
        return loaded.Policy.Bind(grant, server, lists: lists);
    }

    /// <summary>A document with these members besides the version and <c>default: deny</c>.</summary>
    public static string Document(string members) =>
        members.Length == 0
            ? """{"version":"1","default":"deny"}"""
            : $$"""{"version":"1","default":"deny",{{members}}}""";

    public static PolicyDecision Call(PolicyBinding binding, string tool, string? arguments = null,
        string? session = null, DateTimeOffset? at = null,
        ToolStanding standing = ToolStanding.Accepted, string? caller = null,
        ToolClass toolClass = ToolClass.Uncertain) =>
        PolicyEngine.Decide(
            binding,
            PolicyCall.OfTool(tool, arguments is null ? default : Encoding.UTF8.GetBytes(arguments), at) with
            {
                SessionId = session,
                Standing = standing,
                Caller = CallerOf(caller),
                Class = toolClass,
            });

    /// <summary>A caller as tests of a policy write it; null for no text.</summary>
    public static Caller? CallerOf(string? json)
    {
        if (string.IsNullOrEmpty(json))
            return null;
        var caller = CallerJson.Read(Encoding.UTF8.GetBytes(json), out var problem);
        Assert.True(caller is not null, problem);
        return caller;
    }

    /// <summary>Decides on a call of <c>t</c> under <c>{"tools":{"t":entry}}</c>.</summary>
    public static PolicyDecision Evaluate(string entry, string? arguments = null) =>
        Call(Bind(Document($$"""  "tools":{"t":{{entry}}}  """)), "t", arguments);

    public static PolicyDecision About(PolicyBinding binding, PolicySubject subject, string? name = null) =>
        PolicyEngine.Decide(binding, new PolicyCall(subject, name));
}
