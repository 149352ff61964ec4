using System.Text;
using Gateway.Policy.Decisions;
using Gateway.Policy.Documents;
using Gateway.Policy.Json;
using Gateway.Policy.Problems;
using Gateway.Policy.Text;

namespace Gateway.Policy.Rules;

/// <summary>
/// Reads a made-up caller, for explanations, tests and replays:
/// <c>{ "issuer", "subject", "client", "act": { "subject" }, "claims", "headers" }</c>.
/// </summary>
public static class CallerJson
{
    /// <summary>Reads a caller; returns null, with the problem as a sentence, if the text is not one.</summary>
    public static Caller? Read(ReadOnlyMemory<byte> utf8, out string problem)
    {
        var problems = new ProblemSink("", new LineMap(utf8));
        var node = JsonTreeReader.Read(utf8.Span, PolicyBounds.ArgumentsDepthMax, duplicates: null, out var fault);
        if (fault is { } found)
            problems.Error(found.Offset, found.Pointer, found.Message);
        var read = node is null ? null : CallerReader.Read(node, "", new DocumentContext(problems));
        problem = problems.HasErrors ? $"The caller is not valid: {problems.ToImmutable()[0].Message}." : "";
        return read is null || problems.HasErrors ? null : Of(read);
    }

    internal static Caller Of(CallerDocument written) => new()
    {
        Issuer = written.Issuer,
        Subject = written.Subject,
        Client = written.Client,
        Actor = written.Actor,
        Headers = written.Headers?.Members
            .Select(static header => KeyValuePair.Create(header.Name, header.Value.Text)).ToList(),
        Claims = written.Claims is { } claims ? Encoding.UTF8.GetBytes(JsonTreeWriter.Write(claims)) : default,
    };
}
