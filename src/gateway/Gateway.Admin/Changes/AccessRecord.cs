using System.Buffers;
using System.Text.Json;
using Gateway.Admin.Answers;
using Gateway.Audit.Records;

namespace Gateway.Admin.Changes;

/// <summary>Audit records of kind <c>access</c>: the caller, and the kind of access.</summary>
internal static class AccessRecord
{
    private const int PathLengthMax = 256;

    /// <param name="nowMs">The current time, Unix milliseconds.</param>
    /// <param name="action">The action, in a word or two.</param>
    /// <param name="call">The request.</param>
    /// <param name="became">The outcome, in one word.</param>
    /// <param name="about">The object, as KIND/NAME.</param>
    public static byte[] Of(
        long nowMs, string action, AdminCall call, string? became = null, string? about = null)
    {
        var path = call.Request.Path.Value ?? "";
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", "access");
            json.WriteString("time", RefusalJson.Time(nowMs));
            call.Actor.Write(json);
            json.WriteString("action", action);
            if (became is not null)
                json.WriteString("became", became);
            if (about is not null)
                json.WriteString("object", about);
            json.WriteString("method", call.Request.Method);
            json.WriteString("path", path.Length <= PathLengthMax ? path : path[..PathLengthMax]);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
