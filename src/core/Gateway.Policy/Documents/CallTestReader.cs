using System.Collections.Immutable;
using System.Globalization;
using Gateway.Policy.Classes;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>tests</c> of a policy document, or of the test file beside it.</summary>
internal static class CallTestReader
{
    /// <summary>The grant of a test that names none.</summary>
    public const string GrantDefault = "test";

    /// <summary>The number of calls of a test that sets none.</summary>
    public const int TimesDefault = 1;

    private const string AtHint = "\"at\" must be a length of time since the start of the tests, such as \"61s\" or "
        + "\"2h\", or an instant such as \"2027-06-30T09:00:00Z\"";

    /// <summary>A Monday at midnight in UTC, at which every window except a month begins.</summary>
    private static readonly DateTimeOffset StartDefault = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly string[] Outcomes = ["allow", "deny", "rate_limit", "ask"];

    public static ImmutableArray<CallTestDocument> ReadAll(JsonNode? node, string pointer, DocumentContext context)
    {
        if (node is null)
            return [];
        if (node.Kind != JsonKind.Array)
        {
            context.Problems.Error(node.Offset, pointer,
                $"\"tests\" must be an array of calls, not {MemberReader.Describe(node)}");
            return [];
        }

        var tests = ImmutableArray.CreateBuilder<CallTestDocument>();
        var (start, at, calls) = (StartOf(node.Items), StartDefault, 0);
        for (var i = 0; i < node.Items.Length && calls <= PolicyBounds.TestCallsMax; i++)
        {
            var place = JsonPointer.Append(pointer, i);
            if (MemberReader.Open(node.Items[i], place, "a test", context) is not { } members)
                continue;
            at = ReadAt(members, start, i == 0 ? start : at);
            if (Read(members, i, at) is not { } test)
                continue;
            tests.Add(test);
            calls += test.Times;
        }

        if (calls > PolicyBounds.TestCallsMax)
            context.Problems.Error(node.Offset, pointer,
                $"the tests make more than {PolicyBounds.TestCallsMax} calls: split them over several files");
        return tests.ToImmutable();
    }

    private static CallTestDocument? Read(MemberReader members, int index, DateTimeOffset at)
    {
        var name = members.Text("name");
        var grant = ReadGrant(members);
        var caller = members.Optional("caller") is { } called
            ? CallerReader.Read(called, members.PointerTo("caller"), members.Context)
            : null;
        var call = ReadCall(members);
        var times = ReadTimes(members);
        var expect = members.Required("expect", "write \"allow\", \"deny\", \"rate_limit\" or \"ask\"");
        var outcome = members.Choice(expect, "expect", Outcomes);
        var rule = members.Text("rule");
        members.RefuseOthers();
        if (call is not { } read || outcome is null)
            return null;
        return new CallTestDocument
        {
            Pointer = members.Pointer,
            Offset = members.Offset,
            Name = name ?? $"#{index + 1} {read.Tool}",
            Grant = grant,
            Caller = caller,
            AtMs = at.ToUnixTimeMilliseconds(),
            Tool = read.Tool,
            Class = read.Class,
            ArgumentsOffset = read.Arguments,
            Times = times,
            Expect = outcome,
            Rule = rule,
        };
    }

    private static (string Tool, int? Arguments, ToolClass Class)? ReadCall(MemberReader owner)
    {
        if (owner.Required("call", "write { \"tool\": NAME, \"arguments\": { … } }") is not { } node
            || MemberReader.Open(node, owner.PointerTo("call"), "\"call\"", owner.Context) is not { } members)
            return null;
        var tool = members.Required("tool", "name the tool that is called") is { } named
            ? members.AsText(named, "tool")
            : null;
        var arguments = members.Optional("arguments");
        if (arguments is { Kind: not JsonKind.Object })
            members.WrongType(arguments, "arguments", "an object");
        var toolClass = members.Choice(members.Optional("class"), "class", [.. ToolClasses.Names]);
        members.RefuseOthers();
        return tool is null ? null : (tool, arguments?.Offset, ToolClasses.Of(toolClass) ?? ToolClass.Uncertain);
    }

    private static string ReadGrant(MemberReader members)
    {
        if (members.Optional("grant") is not { } node || members.AsText(node, "grant") is not { } grant)
            return GrantDefault;
        if (!PolicyNames.IsValid(grant))
            members.Error(node, members.PointerTo("grant"),
                $"\"{Spelling.Shorten(grant)}\" is not a valid grant name: {PolicyNames.Rule}");
        return grant;
    }

    /// <summary>Returns the instant of the first test, if it has one.</summary>
    private static DateTimeOffset StartOf(ImmutableArray<JsonNode> tests) =>
        !tests.IsEmpty && tests[0].Find("at") is { Kind: JsonKind.String } node
            && WrittenTime.TryInstant(node.Text, out var start)
            ? start
            : StartDefault;

    private static DateTimeOffset ReadAt(MemberReader members, DateTimeOffset start, DateTimeOffset before)
    {
        if (members.Optional("at") is not { } node)
            return before;
        if (node.Kind != JsonKind.String || !WrittenTime.TryAhead(node.Text, start, out var at))
        {
            members.Error(node, members.PointerTo("at"), $"{AtHint}, not {MemberReader.Quote(node)}");
            return before;
        }

        if (at >= before)
            return at;
        members.Error(node, members.PointerTo("at"),
            $"this is earlier than the previous test, at {before.UtcDateTime:s}Z: write the tests in order of time");
        return before;
    }

    private static int ReadTimes(MemberReader members)
    {
        if (members.Optional("times") is not { } node)
            return TimesDefault;
        if (node.Kind == JsonKind.Number
            && int.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var times)
            && times is >= 1 and <= PolicyBounds.TestCallsMax)
            return times;
        members.Error(node, members.PointerTo("times"),
            $"\"times\" must be a whole number from 1 to {PolicyBounds.TestCallsMax}, "
            + $"not {MemberReader.Describe(node)}");
        return TimesDefault;
    }
}
