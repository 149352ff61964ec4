namespace Gateway.Mcp;

/// <summary>A refusal of a message before any policy is evaluated, ready to be written as a JSON-RPC error.</summary>
/// <param name="HttpStatus">The HTTP status of the refusal: 400, 404, 406, 413 or 415.</param>
/// <param name="Code">The JSON-RPC error code, one of <see cref="McpErrorCodes"/>.</param>
/// <param name="Message">One sentence for the developer of the client: the problem and the remedy.</param>
/// <param name="Id">The id of the refused request, as raw JSON; empty if it has none or none could be read.</param>
public sealed record McpFault(int HttpStatus, int Code, string Message, ReadOnlyMemory<byte> Id)
{
    /// <summary>The error's <c>data</c>, as raw JSON; empty if it has none.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }
}
