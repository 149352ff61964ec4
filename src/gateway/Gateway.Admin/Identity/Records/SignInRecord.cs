using System.Buffers;
using System.Text.Json;
using Gateway.Admin.Identity.Operators;
using Gateway.Audit.Records;
using Gateway.Audit.Writing;
using Gateway.Control.Health;
using Gateway.Control.Updating;
using Gateway.Limits.Model;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.Records;

/// <summary>Records sign-ins, refused ones too, consent to clients, and the reuse of codes and tokens.</summary>
public sealed class SignInRecord(
    AuditLog audit, ProcessClock clock, OperatorStore operators, RecordedSubjects subjects,
    AuthenticationFailureLog log)
{
    /// <summary>The result of a sign-in that was accepted.</summary>
    public const string SignedIn = "signed-in";

    private const int PathLengthMax = 256;
    private const string Refused = "refused";

    /// <summary>The name of records that no operator caused; no operator can have it.</summary>
    private const string Nobody = "(nobody)";

    /// <summary>The name of records that a caller caused; their member <c>caller</c> has its subject.</summary>
    private const string Caller = "(caller)";

    /// <summary>The maximum number of refusal records per minute, bounded because anybody can cause them.</summary>
    public const int RefusedPerMinuteMax = 60;

    private readonly MinuteBudget<int> _refused = new(RefusedPerMinuteMax, keysMax: 1);

    /// <summary>
    /// Records a sign-in that was refused. The next record says how many had no record of their own. A name is recorded
    /// only if an operator has it: people type passwords into the wrong field.
    /// </summary>
    /// <param name="http">The request.</param>
    /// <param name="action">The method of the sign-in.</param>
    /// <param name="name">The given name, if the method has one.</param>
    public ValueTask RefusedAsync(HttpContext http, string action, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!_refused.TryTake(0, clock.NowMs(), out var unrecorded))
            return default;
        var about = name is not null && operators.Current.Accounts.ContainsKey(name) ? $"operators/{name}" : null;
        return audit.PostAsync(Line(
            http, AdminCaller.ActorAt(http, Nobody, "sign-in"), action, about, Refused, unrecorded));
    }

    /// <summary>Logs a caller of the admin API without a valid key, and records a wrong key.</summary>
    public void KeyRefused(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        log.KeyRefused(http);
        if (http.Request.Headers.Authorization.Count > 0)
            _ = RefusedAsync(http, "key").AsTask();
    }

    /// <summary>Writes an audit record of kind <c>access</c>. A failed write does not block access.</summary>
    internal ValueTask<bool> WriteAsync(
        HttpContext http, string by, string action, string? about = null, OperatorSession? session = null) =>
        audit.RecordAsync(Line(
            http, ActorOf(http, by, session), action, about, action == "sign-in" ? SignedIn : null, unrecorded: 0));

    /// <summary>Writes the same record of a caller, whose subject an erasure can remove.</summary>
    internal ValueTask<bool> WriteAsync(
        HttpContext http, (string Issuer, string Subject) person, string action, string about) =>
        audit.RecordAsync(AuditEncoder.WithCaller(
            // Without the line break.
            Line(http, ActorOf(http, Caller, session: null), action, about, became: null, unrecorded: 0).AsSpan()[..^1],
            person.Issuer, subjects.Of(person.Issuer, person.Subject)));

    private byte[] Line(
        HttpContext http, Actor actor, string action, string? about, string? became, long unrecorded)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", "access");
            json.WriteString("time", RefusalJson.Time(clock.NowMs()));
            actor.Write(json);
            json.WriteString("action", action);
            json.WriteString("method", http.Request.Method);
            var path = http.Request.Path.Value ?? "";
            json.WriteString("path", path.Length <= PathLengthMax ? path : path[..PathLengthMax]);
            if (became is not null)
                json.WriteString("became", became);
            if (unrecorded > 0)
                json.WriteNumber("unrecorded", unrecorded);
            if (about is not null)
                json.WriteString("object", about);
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Returns the identity of a request to the pages and endpoints of OAuth.</summary>
    internal static Actor ActorOf(HttpContext http, string by, OperatorSession? session) =>
        AdminCaller.ActorAt(http, by, "oauth") with
        {
            Credential = session is null ? null : "session",
            CredentialId = session?.Id,
        };
}
