using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.Proxy.Tasks;

/// <summary>
/// The ids of tasks as clients see them. Each contains its task, encrypted and authenticated together with the caller,
/// so any frontend with the same keys finds it without a table, and no other caller can use it.
/// </summary>
internal sealed class TaskHandles(IDataProtectionProvider provider)
{
    /// <summary>The maximum length of a server's own id, in characters; a longer one stays unchanged.</summary>
    public const int IdCharsMax = 1024;

    /// <summary>The maximum length of a handle, in bytes, for any tool.</summary>
    public const int HandleBytesMax = 32 * 1024;

    private const string Start = "task-";
    private const string Own = "approval";
    private const int RememberedMax = 16_384;

    private readonly IDataProtector _protector = provider.CreateProtector("Gateway.Mcp.Task.v1");

    // Sealing gives a different text each time. A notification must name the task as its client knows it.
    private readonly ConcurrentDictionary<(string Caller, string Server, string Id), string> _known = new();

    /// <summary>Returns the key under which the tasks of a caller are sealed.</summary>
    public static string CallerOf(GrantModel grant) => grant.CallerKey;

    /// <summary>Returns the id for the client; null for a server's id that is too long.</summary>
    public string? Seal(string caller, TaskHandle task)
    {
        if (task.Id.Length is 0 or > IdCharsMax)
            return null;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var part in (ReadOnlySpan<string>)[caller, task.Server, task.Tool, task.CallId, task.Id])
                json.WriteStringValue(part);
            if (task.IsOwn)
                json.WriteStringValue(Own);
            json.WriteEndArray();
        }

        var text = Start + WebEncoders.Base64UrlEncode(_protector.Protect(buffer.WrittenSpan.ToArray()));
        Remember(caller, task, text);
        return text;
    }

    /// <summary>Returns the task of an id; null if the id was not made here for this caller.</summary>
    public TaskHandle? Open(string caller, string text)
    {
        if (text.Length > HandleBytesMax || !text.StartsWith(Start, StringComparison.Ordinal))
            return null;
        try
        {
            var bytes = _protector.Unprotect(WebEncoders.Base64UrlDecode(text[Start.Length..]));
            if (JsonSerializer.Deserialize(bytes, TaskJsonContext.Default.StringArray)
                is not [var owner, var server, var tool, var call, var id, .. var more] || owner != caller
                || more is not ([] or [Own]))
                return null;
            var task = new TaskHandle(server, tool, call, id, IsOwn: more.Length > 0);
            Remember(caller, task, text);
            return task;
        }
        catch (Exception forged) when (forged is CryptographicException or FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Returns the client's id of a task that this process sealed or opened recently; else null.</summary>
    public string? Known(string caller, string server, string id) => _known.GetValueOrDefault((caller, server, id));

    private void Remember(string caller, TaskHandle task, string text)
    {
        // No server sends notifications about the gateway's own.
        if (task.IsOwn)
            return;
        if (_known.Count >= RememberedMax)
            _known.Clear();
        _known[(caller, task.Server, task.Id)] = text;
    }
}

/// <summary>The content of a client's id of a task.</summary>
/// <param name="Server">The server that has the task.</param>
/// <param name="Tool">The tool whose call created it.</param>
/// <param name="CallId">The gateway's id of that call.</param>
/// <param name="Id">The server's own id; the digest of the call for a task of the gateway.</param>
/// <param name="IsOwn">True if the task is the gateway's own: a call that waits for its approval, by its id.</param>
internal sealed record TaskHandle(string Server, string Tool, string CallId, string Id, bool IsOwn = false);

/// <summary>The JSON of sealed tasks.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class TaskJsonContext : JsonSerializerContext;
