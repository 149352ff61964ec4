using System.Collections.Immutable;
using Gateway.Policy.Conditions;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Documents;

/// <summary>Reads <c>show_if</c>, <c>require</c>, <c>deny_if</c> and <c>approve_if</c>.</summary>
internal static class ConditionReader
{
    private static readonly string[] Combinations = ["any", "all", "not"];

    /// <summary>Reads <c>show_if</c>, whose conditions read only the caller.</summary>
    public static ImmutableArray<ConditionDocument> ReadShowIf(MemberReader owner) =>
        ReadList(owner, "show_if", owner.Context with { PathRoot = CallerPaths.Root });

    public static ImmutableArray<ConditionDocument> ReadList(MemberReader owner, string name) =>
        ReadList(owner, name, owner.Context);

    private static ImmutableArray<ConditionDocument> ReadList(
        MemberReader owner, string name, DocumentContext context)
    {
        var conditions = ImmutableArray.CreateBuilder<ConditionDocument>();
        foreach (var (node, pointer) in owner.Items(owner.Optional(name), name))
        {
            if (Read(node, pointer, context) is { } condition)
                conditions.Add(new ConditionDocument(pointer, condition));
        }

        return conditions.ToImmutable();
    }

    private static Condition? Read(JsonNode node, string pointer, DocumentContext context)
    {
        if (MemberReader.Open(node, pointer, "a condition", context) is not { } members)
            return null;
        var present = Combinations.Where(name => node.Find(name) is not null).ToArray();
        if (context.PathRoot == ResultsReader.PathRoot && (node.Find("time") ?? node.Find("list")) is { } ofCalls)
        {
            members.Error(ofCalls, pointer,
                "a condition on a result reads only the result: it cannot have \"time\" or \"list\"");
        }

        if (context.PathRoot == CallerPaths.Root && node.Find("time") is { } timed)
            members.Error(timed, pointer, "\"show_if\" reads only the caller: put \"time\" into \"require\"");

        var condition = present.Length > 0 ? ReadCombination(members, present)
            : members.Optional("time") is { } time ? TimeReader.Read(members, time, members.Text("reason"))
            : ReadComparison(members);
        members.RefuseOthers();
        return condition;
    }

    private static Condition? ReadCombination(MemberReader members, string[] present)
    {
        var name = present[0];
        var value = members.Optional(name)!;
        var reason = members.Text("reason");
        if (present.Length > 1)
        {
            members.Context.Problems.Error(members.OffsetOfName(present[1]), members.PointerTo(present[1]),
                $"a condition can have only one of \"any\", \"all\" and \"not\": put \"{present[1]}\" into \"{name}\"");
            members.Optional(present[1]);
            members.Optional(present[^1]);
        }

        if (name == "not")
        {
            var inner = Read(value, members.PointerTo(name), members.Context);
            return inner is null ? null : new NotCondition(inner) { Reason = reason ?? inner.Reason };
        }

        var parts = ImmutableArray.CreateBuilder<Condition>();
        foreach (var (node, pointer) in members.Items(value, name))
        {
            if (Read(node, pointer, members.Context) is { } part)
                parts.Add(part);
        }

        if (value is { Kind: JsonKind.Array, Items.IsEmpty: true })
            members.Error(value, members.PointerTo(name), $"\"{name}\" needs at least one condition");
        return new CombinedCondition(parts.ToImmutable(), name == "all")
        {
            Reason = reason ?? parts.FirstOrDefault(static part => part.Reason is not null)?.Reason,
        };
    }

    private static Condition? ReadComparison(MemberReader members)
    {
        var path = ReadPath(members);
        var op = Operators.Find(
            members.Choice(members.Required("op", "name an operator"), "op", Operators.Names.AsSpan()));
        var value = members.Optional("value");
        var list = op is { Operand.ListForms.IsEmpty: false } ? members.Optional("list") : null;
        var reason = members.Text("reason");
        if (op is null)
            return null;
        if (path is not null && CallerPaths.IsOfClaims(path))
            RefuseParts(members, path, op, hasList: list is not null);
        if (list is null && (value ??= op.Operand.Default) is null)
        {
            members.Context.Problems.Error(members.Offset, members.Pointer,
                $"\"value\" is missing in a condition: write the value that \"{op.Name}\" compares with");
            return null;
        }

        var comparison = list is null ? op.Read(members, value!) : ListReader.Read(members, op, list, value);
        return path is null || comparison is null ? null
            : op == Operators.Exists ? new ExistsCondition(path, value!.Kind == JsonKind.True) { Reason = reason }
            : new ComparedCondition(path, comparison) { Reason = reason };
    }

    /// <summary>
    /// Refuses a comparison that can hold because of a part of a claim: a person who names a group could choose a name
    /// that contains another group's.
    /// </summary>
    private static void RefuseParts(MemberReader members, ArgumentPath path, Operator op, bool hasList)
    {
        var form = hasList && members.Optional("as") is { Kind: JsonKind.String, Text: "lower" or "digits" } written
            ? written : null;
        if (!op.ReadsParts && form is null)
            return;
        var (at, what) = form is null ? (members.Optional("op")!, op.Name) : (form, form.Text);
        members.Error(at, members.PointerTo(form is null ? "op" : "as"),
            $"\"{what}\" does not compare the whole claim, so a value of {path} other than the intended one could "
                + "match: use \"has\" (an element, or the whole text), \"eq\", or \"in\" with all values");
    }

    public static ArgumentPath? ReadPath(MemberReader members)
    {
        if (members.Required("path", $"name a value, such as \"{members.Context.PathRoot}.amount\"") is not { } node)
            return null;
        if (members.AsText(node, "path") is not { } text)
            return null;
        var root = members.Context.PathRoot;
        if (root == ResultsReader.PathRoot
            ? ArgumentPath.TryParse(text, root, out var path, out var problem)
            : ArgumentPath.TryParseOfCall(text, out path, out problem))
        {
            if (root != CallerPaths.Root || (path.IsOfCaller && !CallerPaths.IsOfHeaders(path)))
                return path;
            problem = path.IsOfCaller
                ? "\"show_if\" cannot read headers, because all requests of a caller get the same list: put the "
                + "condition into \"require\""
                : "\"show_if\" reads only the caller, because a request for a list has no arguments: put the "
                + "condition into \"require\"";
        }

        members.Error(node, members.PointerTo("path"), problem!);
        return null;
    }
}

/// <summary>One element of <c>require</c>, <c>deny_if</c> or <c>approve_if</c>, and its location.</summary>
internal sealed record ConditionDocument(string Pointer, Condition Condition);
