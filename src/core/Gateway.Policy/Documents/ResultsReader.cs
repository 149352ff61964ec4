using System.Collections.Immutable;
using System.Diagnostics;
using Gateway.Policy.Expressions;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Results;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>results</c> of a tool entry, of all tools, of resources or of prompts.</summary>
internal static class ResultsReader
{
    public const string PathRoot = "result";

    private static readonly string[] Kinds = ["path", "matches", "known"];

    public static ResultsDocument Read(MemberReader owner)
    {
        const string name = "results";
        if (owner.Optional(name) is not { } node)
            return ResultsDocument.None;
        var context = owner.Context with { PathRoot = PathRoot };
        if (MemberReader.Open(node, owner.PointerTo(name), "\"results\"", context) is not { } members)
            return ResultsDocument.None;
        var results = new ResultsDocument
        {
            Redact = ReadRedactions(members),
            DenyIf = ConditionReader.ReadList(members, "deny_if"),
        };
        if (node.Find("redact") is null && node.Find("deny_if") is null)
            members.Error(node, members.Pointer, "\"results\" needs \"redact\" or \"deny_if\"");
        foreach (var timed in results.DenyIf.Where(static written => written.Condition.ReadsTime))
        {
            members.Error(
                node, timed.Pointer, "a result has no time of day: put \"time\" into \"deny_if\" of the call");
        }

        members.RefuseOthers();
        return results;
    }

    private static ImmutableArray<RedactionDocument> ReadRedactions(MemberReader owner)
    {
        var redactions = ImmutableArray.CreateBuilder<RedactionDocument>();
        foreach (var (node, pointer) in owner.Items(owner.Optional("redact"), "redact"))
        {
            if (MemberReader.Open(node, pointer, "a redaction", owner.Context) is not { } members)
                continue;
            if (Read(members, node) is { } redaction)
                redactions.Add(redaction);
            members.RefuseOthers();
        }

        return redactions.ToImmutable();
    }

    private static RedactionDocument? Read(MemberReader members, JsonNode node)
    {
        var kinds = Kinds.Where(kind => node.Find(kind) is not null).ToArray();
        foreach (var kind in kinds)
            members.Optional(kind);
        if (kinds.Length != 1)
        {
            members.Error(node, members.Pointer, "a redaction must have exactly one of \"path\", \"matches\" and "
                + "\"known\"");
            return null;
        }

        return kinds[0] switch
        {
            "path" => ReadPath(members, node),
            "matches" => ReadExpression(members),
            "known" => members.Choice(node.Find("known"), "known", KnownPattern.Names) is { } known
                ? new RedactionDocument(members.Pointer, null, KnownPattern.Of(known))
                : null,
            var other => throw new UnreachableException(other),
        };
    }

    private static RedactionDocument? ReadPath(MemberReader members, JsonNode node)
    {
        if (ConditionReader.ReadPath(members) is not { } path)
            return null;
        if (path.Steps is not [{ Key: not null }, ..])
        {
            members.Error(node.Find("path")!, members.PointerTo("path"),
                "this path would redact the whole result and leave the client nothing to read: name a member of "
                + "the result, such as \"result.structuredContent.card\", or use \"deny_if\"");
            return null;
        }

        return new RedactionDocument(members.Pointer, path, null);
    }

    private static RedactionDocument? ReadExpression(MemberReader members)
    {
        if (members.Text("matches") is not { } text)
            return null;
        var node = members.Optional("matches")!;
        if (SafeRegex.Compile(text, out var problem) is not { } regex)
        {
            members.Error(node, members.PointerTo("matches"), problem);
            return null;
        }

        if (regex.IsMatch("", new WorkBudget()) == true)
        {
            members.Error(node, members.PointerTo("matches"),
                "this matches empty text: require at least one character");
            return null;
        }

        return new RedactionDocument(members.Pointer, null, new ExpressionPattern(regex));
    }
}
