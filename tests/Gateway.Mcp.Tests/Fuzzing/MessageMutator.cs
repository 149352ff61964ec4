namespace Gateway.Mcp.Tests.Fuzzing;

/// <summary>Makes messages that are almost right: valid ones, cut, spliced, doubled and re-spelled.</summary>
internal sealed class MessageMutator(Random random)
{
    private static readonly string[] Seeds =
    [
        """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get","arguments":{"a":[1,{"b":"c"}]}}}""",
        """{"jsonrpc":"2.0","id":"x","method":"tools/list","params":{"cursor":"c","_meta":{"progressToken":1}}}""",
        """{"jsonrpc":"2.0","id":2,"method":"resources/read","params":{"uri":"file:///a%20b"}}""",
        """{"jsonrpc":"2.0","id":3,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"p"}}}""",
        """{"jsonrpc":"2.0","id":4,"method":"subscriptions/listen","params":{"notifications":{}}}""",
        """{"jsonrpc":"2.0","id":5,"method":"tasks/get","params":{"taskId":"t"}}""",
        """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"é\u00e9😀"}}""",
        """{"jsonrpc":"2.0","id":6,"result":{"content":[]}}""",
        """{"jsonrpc":"2.0","id":7,"error":{"code":-1,"message":"m"}}""",
        """{"jsonrpc":"2.0","id":8,"method":"vendor/x","params":{"name":1}}""",
    ];

    private static readonly string[] Pieces =
    [
        "\"name\":\"x\",", "\"Name\":\"x\",", "\"n\\u0061me\":\"x\",", "\"method\":\"ping\",", "\"id\":1,",
        "\"id\":null,",
        "\"arguments\":{},", "\"argument\u017F\":{},", "\"params\":{},", "\"result\":{},", "\"_meta\":{},",
        ",\"a\":1", "{", "}",
        "[", "]", ",", ":", "\"", "\\u0000", "\\ud83d", "\\udc00", "\\ud83d\\ude00", "\\", "1e999",
        "1e-999", "-", "null",
        "true", "\uFEFF", " ", "\n", "\t", "//x", "/**/", "0", "00", "1.", ".5", "\u017F", "\u0130", "\u212A", "\u0001",
        "\"uri\":\"x\",", "\"URI\":\"x\",", "\"taskId\":\"x\",", "\"ref\":{},", "\"type\":\"ref/resource\",",
        "[[[[[[[[[[",
    ];

    public byte[] Next()
    {
        var bytes = Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]).ToList();
        for (var i = random.Next(4); i > 0; i--)
            Mutate(bytes);
        return [.. bytes];
    }

    private void Mutate(List<byte> bytes)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(6))
        {
            case 0:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                break;
            case 1 when bytes.Count > 0:
                bytes[random.Next(bytes.Count)] = (byte)random.Next(256);
                break;
            case 2 when bytes.Count > 0:
                var from = random.Next(bytes.Count);
                bytes.RemoveRange(from, random.Next(Math.Min(8, bytes.Count - from) + 1));
                break;
            case 3 when bytes.Count > 0:
                var start = random.Next(bytes.Count);
                bytes.InsertRange(at, bytes.GetRange(start, random.Next(Math.Min(40, bytes.Count - start) + 1)));
                break;
            case 4 when bytes.Count > 0:
                var flipped = random.Next(bytes.Count);
                bytes[flipped] = (byte)(bytes[flipped] ^ 0x20);
                break;
            default:
                AfterBrace(bytes);
                break;
        }
    }

    // Where a member may stand, so that the document stays well-formed more often.
    private void AfterBrace(List<byte> bytes)
    {
        var braces = Enumerable.Range(0, bytes.Count).Where(i => bytes[i] == (byte)'{').ToArray();
        if (braces.Length > 0)
            bytes.InsertRange(braces[random.Next(braces.Length)] + 1, Encoding.UTF8.GetBytes(Pieces[random.Next(12)]));
    }
}
