using Gateway.Policy.Json;
using Gateway.Policy.Problems;

namespace Gateway.Policy.Schemas.Compiling;

/// <summary>Finds a schema that refers to itself for the same value, so that its evaluation would never end.</summary>
internal static class SchemaLoops
{
    public static void Check(Dictionary<JsonNode, Schema> compiled, SchemaIndex index, ProblemSink problems)
    {
        var done = new HashSet<Schema>();
        foreach (var (node, schema) in compiled)
        {
            if (Loops(schema, done))
            {
                problems.Error(node.Offset, index.TryOf(node)?.Pointer ?? index.Root.Pointer,
                    "this schema refers to itself for the same value: its evaluation would never end");
                return;
            }
        }
    }

    // Depth first without recursion, since a chain of references may be long.
    private static bool Loops(Schema start, HashSet<Schema> done)
    {
        var open = new HashSet<Schema>();
        var stack = new Stack<(Schema Schema, bool IsLeaving)>([(start, false)]);
        while (stack.TryPop(out var top))
        {
            if (top.IsLeaving)
            {
                open.Remove(top.Schema);
                done.Add(top.Schema);
                continue;
            }

            if (done.Contains(top.Schema))
                continue;
            if (!open.Add(top.Schema))
                return true;
            stack.Push((top.Schema, true));
            foreach (var next in top.Schema.Keywords.SelectMany(static keyword => keyword.InPlace))
            {
                if (open.Contains(next))
                    return true;
                stack.Push((next, false));
            }
        }

        return false;
    }
}
