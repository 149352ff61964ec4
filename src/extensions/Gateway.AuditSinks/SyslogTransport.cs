using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Audit.Shipping;

namespace Gateway.AuditSinks;

/// <summary>
/// Sends records as syslog messages (RFC 5424) with octet counting (RFC 5425, RFC 6587). Syslog has no acknowledgment,
/// so each batch uses its own connection. It counts as accepted when the receiver, after the end of the data, closes in
/// order, having read everything.
/// </summary>
internal sealed class SyslogTransport(AuditSinkOptions options, SinkConnect connect) : IAuditTransport
{
    /// <summary>Facility 13, "log audit" (RFC 5424, table 1).</summary>
    private const int Facility = 13;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(15);
    private readonly Uri _url = new(options.Url);

    public async ValueTask<ShipResult> SendAsync(
        IReadOnlyList<ShippedRecord> records, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeLimit);
        try
        {
            await using var tcp = await SinkSocket.OpenAsync(connect, _url.IdnHost, _url.Port, limit.Token);
            if (_url.Scheme != "tls")
            {
                await tcp.WriteAsync(Messages(records), limit.Token);
                tcp.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
                return await EndAsync(tcp, limit.Token);
            }

            await using var tls = await SinkSocket.SecureAsync(tcp, options, _url.IdnHost, limit.Token);
            await tls.WriteAsync(Messages(records), limit.Token);
            await tls.ShutdownAsync().WaitAsync(limit.Token);
            return await EndAsync(tls, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new($"not accepted within {TimeLimit.TotalSeconds} s");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(e.Message);
        }
    }

    public ValueTask DisposeAsync() => default;

    /// <summary>Waits for the receiver to close; throws if the receiver resets the connection instead.</summary>
    private static async Task<ShipResult> EndAsync(Stream stream, CancellationToken cancellationToken)
    {
        var answer = new byte[256];
        while (await stream.ReadAsync(answer, cancellationToken) > 0)
        {
            // A receiver sends nothing; ignore any data.
        }

        return ShipResult.Taken;
    }

    private byte[] Messages(IReadOnlyList<ShippedRecord> records)
    {
        using var messages = new MemoryStream();
        foreach (var record in records)
        {
            var message = Message(record);
            messages.Write(Encoding.ASCII.GetBytes(message.Length.ToString(CultureInfo.InvariantCulture)));
            messages.WriteByte((byte)' ');
            messages.Write(message);
        }

        return messages.ToArray();
    }

    /// <summary>
    /// Returns one message: <c>PRI VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG</c>. PROCID is
    /// the log's writer and MSGID the kind of record. The record's id is in a structured-data element with the
    /// enterprise number that RFC 5612 reserves for examples, because this product has none.
    /// </summary>
    private byte[] Message(in ShippedRecord record)
    {
        using var document = JsonDocument.Parse(record.Line);
        var members = new RecordMembers(document.RootElement);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"<{(Facility * 8) + (int)members.Severity}>1 {members.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} "
            + $"{Word(Environment.MachineName, 255)} {ProductRelease.Name} {Word(record.Writer, 128)} "
            + $"{Word(members.Kind, 32)} [record@32473 id=\"{record.Id}\"] ");
        return
        [
            .. Encoding.ASCII.GetBytes(head),
            .. options.IsOcsf ? OcsfEvent.Write(record, members) : record.Line.Span,
        ];
    }

    /// <summary>Returns visible ASCII of at most this many characters, or <c>-</c>.</summary>
    private static string Word(string text, int lengthMax)
    {
        var word = string.Concat(text.Where(static c => c is > ' ' and <= '~').Take(lengthMax));
        return word.Length > 0 ? word : "-";
    }
}
