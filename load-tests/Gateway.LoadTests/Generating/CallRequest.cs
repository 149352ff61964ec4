namespace Gateway.LoadTests.Generating;

/// <summary>The HTTP requests that a load sends.</summary>
internal static class CallRequest
{
    /// <summary>The length of the JSON-RPC message of every comparison, in bytes.</summary>
    public const int BodyBytes = 372;

    /// <summary>Returns a <c>tools/call</c> of <see cref="BodyBytes"/> bytes.</summary>
    public static byte[] Body(string tool)
    {
        var head = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":""" + $"\"{tool}\""
            + ""","arguments":{"customer":"20-12345678-9","amount":1250.50,"currency":"ARS","subject":"services","""
            + "\"reference\":\"";
        const string Tail = "\"}}}";
        return Encoding.ASCII.GetBytes(head + new string('0', BodyBytes - head.Length - Tail.Length) + Tail);
    }

    /// <summary>Returns the whole HTTP request.</summary>
    public static byte[] Post(string server, string token, byte[] body) =>
    [
        .. Encoding.ASCII.GetBytes(string.Join(
            "\r\n",
            $"POST /mcp/{server} HTTP/1.1",
            "Host: localhost",
            "Content-Type: application/json",
            "Accept: application/json, text/event-stream",
            "MCP-Protocol-Version: 2025-06-18",
            $"Authorization: Bearer {token}",
            $"Content-Length: {body.Length}",
            "\r\n")),
        .. body,
    ];
}
