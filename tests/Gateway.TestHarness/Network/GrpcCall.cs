namespace Gateway.TestHarness.Network;

/// <summary>One unary call by gRPC, written by hand over HTTP/2.</summary>
public static class GrpcCall
{
    /// <summary>A client for a listener, over HTTP/2 without TLS where the address begins with http://.</summary>
    public static HttpClient Client(Uri address, SocketsHttpHandler? handler = null) =>
        new(handler ?? new() { UseProxy = false })
        {
            BaseAddress = address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

    /// <summary>A message as it goes over the wire: a flag, its length in four bytes, and its bytes.</summary>
    public static byte[] Frame(byte[] message, byte flag = 0, int? length = null)
    {
        var said = length ?? message.Length;
        return [flag, (byte)(said >> 24), (byte)(said >> 16), (byte)(said >> 8), (byte)said, .. message];
    }

    /// <summary>
    /// Sends a framed body, and says the status and the message of the answer; of a status other than 0, its text.
    /// </summary>
    /// <exception cref="HttpRequestException">Nobody answered.</exception>
    /// <exception cref="InvalidDataException">The answer is not of gRPC.</exception>
    public static async Task<(int Status, byte[] Message)> PostAsync(
        HttpClient client, string path, byte[] body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(client.BaseAddress!, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);
        var answer = await response.Content.ReadAsByteArrayAsync();
        if (response.StatusCode != HttpStatusCode.OK
            || response.Content.Headers.ContentType?.ToString() != "application/grpc")
            throw new InvalidDataException($"no answer of gRPC: {response.StatusCode}");
        var fields = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        var status = int.Parse(fields.GetValues("grpc-status").Single(), CultureInfo.InvariantCulture);
        return (status, answer.Length > 0, answer.AsSpan().StartsWith([(byte)0])) switch
        {
            (0, true, true) when answer.Length - 5 == (answer[3] << 8) + answer[4] => (status, answer[5..]),
            ( > 0, false, _) => (status, Encoding.UTF8.GetBytes(fields.GetValues("grpc-message").Single())),
            _ => throw new InvalidDataException($"status {status} with {answer.Length} bytes"),
        };
    }
}
