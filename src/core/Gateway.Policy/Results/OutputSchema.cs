using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Schemas;
using Gateway.Policy.Schemas.Compiling;
using Gateway.Policy.Text;

namespace Gateway.Policy.Results;

/// <summary>
/// A tool's <c>outputSchema</c>, as its server lists it. It is compiled when a response is first checked against it. A
/// schema that cannot be checked accepts no response, since an ignored keyword could be the one that fails.
/// </summary>
public sealed class OutputSchema
{
    private const int ToolBytesMax = 64 * 1024;
    private const int ProblemLengthMax = 200;

    private readonly byte[] _tool;
    private readonly Lazy<(Schema? Schema, string? Problem)> _compiled;

    private OutputSchema(byte[] tool, Func<(Schema? Schema, string? Problem)> compile)
    {
        _tool = tool;
        _compiled = new Lazy<(Schema?, string?)>(compile);
    }

    /// <summary>Reads the schema of a listed tool; null if it has no <c>outputSchema</c>.</summary>
    /// <param name="name">The tool's name.</param>
    /// <param name="tool">The tool as raw JSON.</param>
    public static OutputSchema? OfTool(string name, ReadOnlySpan<byte> tool)
    {
        if (tool.IndexOf("outputSchema"u8) < 0)
            return null;
        if (tool.Length > ToolBytesMax)
            return Unchecked($"the tool's definition is longer than {ToolBytesMax} bytes");
        if (Read(tool) is not { Kind: JsonKind.Object } node)
            return Unchecked("the tool's definition is invalid or ambiguous JSON");
        if (node.Find("name") is not { Kind: JsonKind.String } written || written.Text != name
            || node.Find("outputSchema") is not { } schema)
        {
            return null;
        }

        var bytes = tool.ToArray();
        return new OutputSchema(bytes, () => Compile(bytes, schema));
    }

    /// <summary>Returns the reason why no response can be checked against a schema; null if one can.</summary>
    /// <param name="schema">The schema as raw JSON.</param>
    public static string? ProblemOf(ReadOnlyMemory<byte> schema) => Read(schema.Span) is { } node
        ? Compile(schema, node).Problem
        : "it is invalid or ambiguous JSON";

    /// <summary>Returns true if the schema was read from this definition.</summary>
    public bool IsOf(ReadOnlySpan<byte> tool) => tool.SequenceEqual(_tool);

    /// <summary>
    /// Checks the structured content of a response; null if it is valid, or if the response has none.
    /// </summary>
    /// <param name="response">The response.</param>
    /// <param name="work">The work that the check may do.</param>
    /// <param name="isOfTask">True if the response is the state of a task.</param>
    internal ResultDenial? Check(ReadOnlySpan<byte> response, WorkBudget work, bool isOfTask = false)
    {
        var result = Read(response)?.Find("result");
        if ((isOfTask ? result?.Find("result") : result)?.Find("structuredContent") is not { } content)
            return null;
        var (schema, problem) = _compiled.Value;
        if (schema is null)
            return ResultDenial.UncheckedSchema(problem!);
        return schema.Accepts(content, new SchemaRun(work)) ? null : ResultDenial.NoLongerFits;
    }

    private static OutputSchema Unchecked(string problem) => new([], () => (null, problem));

    private static JsonNode? Read(ReadOnlySpan<byte> json) =>
        JsonTreeReader.Read(json, PolicyBounds.ArgumentsDepthMax, duplicates: null, out _);

    private static (Schema? Schema, string? Problem) Compile(ReadOnlyMemory<byte> document, JsonNode node)
    {
        var problems = new ProblemSink("outputSchema", new LineMap(document));
        var schema = SchemaCompiler.Compile(node, "", problems, isOfServer: true);
        if (!problems.HasErrors)
            return (schema, null);
        var first = problems.ToImmutable()[0];
        var text = first.Pointer.Length == 0 ? first.Message : $"at {first.Pointer}, {first.Message}";
        return (null, text.Length <= ProblemLengthMax ? text : $"{text[..ProblemLengthMax]}…");
    }
}
