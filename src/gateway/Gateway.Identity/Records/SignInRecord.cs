using System.Buffers;
using System.Text.Json;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Identity.Operators;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Http;

namespace Gateway.Identity.Records;

/// <summary>Puts on record who let which client in, and what was tried with what is not the client's.</summary>
internal sealed class SignInRecord(AuditLog audit, ProcessClock clock)
{
    /// <summary>An audit record of kind <c>access</c>; nobody is kept out where it cannot be written.</summary>
    public ValueTask<bool> WriteAsync(
        HttpContext http, string by, string action, string? about = null, OperatorSession? session = null)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", "access");
            json.WriteString("time", RefusalJson.Time(clock.NowMs()));
            ActorOf(http, by, session).Write(json);
            json.WriteString("action", action);
            json.WriteString("method", http.Request.Method);
            json.WriteString("path", http.Request.Path.Value);
            if (about is not null)
                json.WriteString("object", about);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return audit.RecordAsync(buffer.WrittenSpan.ToArray());
    }

    /// <summary>Returns the identity of a request to the pages and endpoints of OAuth.</summary>
    public static Actor ActorOf(HttpContext http, string by, OperatorSession? session) =>
        Caller.ActorAt(http, by, "oauth") with
        {
            Credential = session is null ? null : "session",
            CredentialId = session?.Id,
        };
}
