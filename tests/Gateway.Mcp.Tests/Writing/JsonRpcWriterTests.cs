using System.Buffers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;

namespace Gateway.Mcp.Tests.Writing;

public class JsonRpcWriterTests
{
    [Fact]
    public void A_tool_denial_is_a_result_that_the_model_reads()
    {
        var denial = Denial("1.0"u8, "Policy violation: no.", """{"outcome":"denied"}""", McpRevision.Legacy);

        Assert.Equal(
            """{"jsonrpc":"2.0","id":1.0,"result":{"content":[{"type":"text","text":"Policy violation: no."}]"""
            + ""","isError":true,"_meta":{"policy-gateway/decision":{"outcome":"denied"}}}}""",
            denial);
    }

    [Fact]
    public void A_stateless_tool_denial_is_complete()
    {
        Assert.Contains("""
            "result":{"resultType":"complete","content":
            """, Denial("\"a\""u8, "no", "{}", McpRevision.Stateless), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_echoes_the_id_byte_for_byte_and_carries_its_data()
    {
        var output = new ArrayBufferWriter<byte>();
        JsonRpcWriter.WriteError(output, "92233720368547758089"u8, -31001, "no", """{"rule":"/x"}"""u8);

        Assert.Equal(
            """{"jsonrpc":"2.0","id":92233720368547758089"""
            + ""","error":{"code":-31001,"message":"no","data":{"rule":"/x"}}}""",
            Text(output));
    }

    [Fact]
    public void An_error_carries_data_that_is_written_in_place()
    {
        var scratch = JsonScratch.Take();
        JsonRpcWriter.WriteError(
            scratch.Json, "7"u8, -31001, "no", "/x", static (json, rule) => json.WriteStringValue(rule));

        Assert.Equal(
            """{"jsonrpc":"2.0","id":7,"error":{"code":-31001,"message":"no","data":"/x"}}""",
            Encoding.UTF8.GetString(scratch.ToArray()));
    }

    [Fact]
    public void An_error_without_an_id_says_null()
    {
        var output = new ArrayBufferWriter<byte>();
        JsonRpcWriter.WriteFault(output, new McpFault(400, -32700, "no", default));

        Assert.Equal("""{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}""", Text(output));
    }

    private static string Denial(ReadOnlySpan<byte> id, string text, string decision, McpRevision revision)
    {
        var scratch = JsonScratch.Take();
        JsonRpcWriter.WriteToolDenial(
            scratch.Json, id, text, decision, static (json, raw) => json.WriteRawValue(raw), revision);
        return Encoding.UTF8.GetString(scratch.ToArray());
    }

    private static string Text(ArrayBufferWriter<byte> output) => Encoding.UTF8.GetString(output.WrittenSpan);
}
