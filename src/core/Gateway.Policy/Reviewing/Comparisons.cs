using Gateway.Policy.Conditions;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Reviewing;

/// <summary>The comparisons of a policy as written, in conjunctions whose parts must all hold.</summary>
internal static class Comparisons
{
    private static readonly string[] Members = ["require", "deny_if", "approve_if"];

    /// <summary>One comparison with a value of the policy.</summary>
    public sealed record Written(string Path, Operator Op, JsonNode Value, int Offset, string Pointer)
    {
        /// <summary>Compiles the comparison as the policy does.</summary>
        public Comparison? Read()
        {
            var sink = new ProblemSink("", new LineMap(default));
            var node = JsonNode.OfObject(0, [new JsonMember("value", 0, Value)]);
            return MemberReader.Open(node, "", "a condition", new DocumentContext(sink)) is { } members
                ? Op.Read(members, Value)
                : null;
        }
    }

    /// <summary>
    /// Returns the conjunctions of an entry: <c>require</c> as a whole, each condition of <c>deny_if</c> and
    /// <c>approve_if</c>, and, without a member's name, the conjunctions within any of them.
    /// </summary>
    public static IEnumerable<(string Member, List<Written> Parts)> Conjunctions(JsonNode? entry, string pointer)
    {
        foreach (var member in Members)
        {
            var conditions = Items(entry?.Find(member), JsonPointer.Append(pointer, member)).ToList();
            if (member == "require")
                yield return (member, [.. conditions.SelectMany(one => Together(one.Node, one.Pointer))]);
            foreach (var (node, below) in conditions)
            {
                if (member != "require")
                    yield return (member, [.. Together(node, below)]);
                foreach (var inner in Inside(node, below))
                    yield return ("", inner);
            }
        }
    }

    /// <summary>Returns every single comparison of an entry, including those in <c>any</c> and <c>not</c>.</summary>
    public static IEnumerable<Written> All(JsonNode? entry, string pointer) =>
        Members
            .SelectMany(member => Items(entry?.Find(member), JsonPointer.Append(pointer, member)))
            .SelectMany(one => Each(one.Node, one.Pointer));

    private static IEnumerable<Written> Each(JsonNode node, string pointer) =>
        Leaf(node, pointer) is { } leaf
            ? [leaf]
            : Parts(node, pointer).SelectMany(part => Each(part.Node, part.Pointer));

    // The comparisons that hold whenever the condition holds: itself, or all parts of an "all".
    private static IEnumerable<Written> Together(JsonNode node, string pointer)
    {
        if (Leaf(node, pointer) is { } leaf)
            return [leaf];
        return node.Find("all") is { } parts
            ? Items(parts, JsonPointer.Append(pointer, "all")).SelectMany(part => Together(part.Node, part.Pointer))
            : [];
    }

    // Conjunctions below an "any" or a "not".
    private static IEnumerable<List<Written>> Inside(JsonNode node, string pointer)
    {
        foreach (var (part, below) in Parts(node, pointer))
        {
            if (node.Find("all") is null)
                yield return [.. Together(part, below)];
            foreach (var inner in Inside(part, below))
                yield return inner;
        }
    }

    private static IEnumerable<(JsonNode Node, string Pointer)> Parts(JsonNode node, string pointer) =>
        Items(node.Find("all"), JsonPointer.Append(pointer, "all"))
            .Concat(Items(node.Find("any"), JsonPointer.Append(pointer, "any")))
            .Concat(node.Find("not") is { } not ? [(not, JsonPointer.Append(pointer, "not"))] : []);

    private static Written? Leaf(JsonNode node, string pointer) =>
        node.Find("path") is { Kind: JsonKind.String } path && Operators.Find(node.Find("op")?.Text) is { } op
            && (node.Find("value") ?? op.Operand.Default) is { } value
            ? new Written(path.Text, op, value, node.Offset, pointer)
            : null;

    private static IEnumerable<(JsonNode Node, string Pointer)> Items(JsonNode? list, string pointer) =>
        list?.Items.Select((node, i) => (node, JsonPointer.Append(pointer, i))) ?? [];
}
