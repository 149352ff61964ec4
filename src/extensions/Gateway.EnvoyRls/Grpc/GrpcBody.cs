using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Gateway.EnvoyRls.Grpc;

/// <summary>
/// The single message of a unary call, with its prefix of five bytes: the compressed flag and the length.
/// </summary>
internal static class GrpcBody
{
    private const int PrefixBytes = 5;
    private const string StatusField = "grpc-status";
    private const string MessageField = "grpc-message";

    /// <summary>Reads the whole body; a message above the bound is refused before it is read.</summary>
    /// <param name="http">The call.</param>
    /// <param name="parser">The parser of the message.</param>
    /// <param name="bytesMax">Maximum length of the message in bytes.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    public static async ValueTask<(T? Message, GrpcProblem? Problem)> ReadAsync<T>(
        HttpContext http, MessageParser<T> parser, int bytesMax, CancellationToken cancellationToken)
        where T : class, IMessage<T>
    {
        var body = http.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var problem = Look(read.Buffer, read.IsCompleted, bytesMax, out var length);
            if (problem is null && !read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            try
            {
                return problem is null
                    ? (parser.ParseFrom(read.Buffer.Slice(PrefixBytes, length)), null) : (null, problem);
            }
            catch (InvalidProtocolBufferException e)
            {
                return (null, GrpcProblem.Invalid($"the message is malformed: {e.Message}"));
            }
            finally
            {
                body.AdvanceTo(read.Buffer.End);
            }
        }
    }

    /// <summary>Responds with the message and status 0.</summary>
    public static async Task WriteAsync(HttpContext http, IMessage message)
    {
        var length = message.CalculateSize();
        var body = http.Response.BodyWriter;
        Begin(http);
        http.Response.AppendTrailer(StatusField, "0");
        var prefix = body.GetSpan(PrefixBytes);
        prefix[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], length);
        body.Advance(PrefixBytes);
        message.WriteTo(body);
        await body.FlushAsync(http.RequestAborted);
    }

    /// <summary>Responds with a status and no message; the status is then in the headers.</summary>
    public static Task RefuseAsync(HttpContext http, GrpcProblem problem)
    {
        Begin(http);
        http.Response.Headers[StatusField] = ((int)problem.Status).ToString(
            System.Globalization.CultureInfo.InvariantCulture);
        http.Response.Headers[MessageField] = Escape(problem.Message);
        return Task.CompletedTask;
    }

    private static void Begin(HttpContext http) => http.Response.ContentType = "application/grpc";

    /// <summary>
    /// Checks the data received so far; returns a problem, or null with the message's length once it is complete.
    /// </summary>
    private static GrpcProblem? Look(
        in ReadOnlySequence<byte> buffer, bool isCompleted, int bytesMax, out int length)
    {
        length = 0;
        if (buffer.Length < PrefixBytes)
            return isCompleted ? GrpcProblem.Invalid("the body contains no message") : null;
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        buffer.Slice(0, PrefixBytes).CopyTo(prefix);
        if (prefix[0] != 0)
            return new(GrpcStatus.Unimplemented, "compressed messages are not supported; send them uncompressed");
        var said = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (said > bytesMax)
            return new(GrpcStatus.ResourceExhausted, $"the message has {said} bytes; at most {bytesMax} are accepted");
        length = (int)said;
        if (buffer.Length > PrefixBytes + length)
            return new(GrpcStatus.Unimplemented, "only one message is accepted, but the body contains more");
        return isCompleted && buffer.Length < PrefixBytes + length
            ? GrpcProblem.Invalid("the body ends before its message is complete")
            : null;
    }

    /// <summary>
    /// Percent-encodes a status message: everything except printable ASCII, and the percent sign itself.
    /// </summary>
    private static string Escape(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (var one in Encoding.UTF8.GetBytes(message))
        {
            if (one is >= 0x20 and <= 0x7e and not (byte)'%')
                text.Append((char)one);
            else
                text.Append('%').Append(Convert.ToHexString([one]));
        }

        return text.ToString();
    }
}
