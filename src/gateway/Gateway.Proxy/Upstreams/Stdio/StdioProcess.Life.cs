using System.Net.Sockets;
using Gateway.Proxy.Upstreams.Stdio.Lines;
using Gateway.Proxy.Upstreams.Stdio.Native;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <content>The lifecycle of the program.</content>
internal sealed partial class StdioProcess
{
    /// <summary>Closes its input, then sends SIGTERM, then SIGKILL; returns when it has ended.</summary>
    public async Task StopAsync(ChildEnd end, string why, bool isGentle = true)
    {
        SetEnd(end, why);
        _writer.Close(new IOException(why));
        try
        {
            _process.Input.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is already closed.
        }

        if (isGentle && !await ExitsAsync())
        {
            _process.Signal(Posix.SigTerm);
            await ExitsAsync();
        }

        _process.Signal(Posix.SigKill);
        await _ended.Task;
    }

    /// <summary>
    /// Records the reason of the end; only the first reason is kept, because later ones follow from it.
    /// </summary>
    private void SetEnd(ChildEnd end, string why)
    {
        lock (_gate)
        {
            if (_end is null)
                (_end, _why) = (end, why);
        }
    }

    private async Task<bool> ExitsAsync()
    {
        await ((Task)_process.Exited).WaitAsync(_options.StopGrace, Time)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _process.Exited.IsCompleted;
    }

    private async Task RunAsync()
    {
        var writing = _writer.RunAsync();
        var errors = new StderrLogger(
            _options.ServerName, _process.Id, _process.Errors, _lastLines, _metrics, Time, _logger).RunAsync();
        var reading = ReadAsync();
        await Task.WhenAny(reading, _process.Exited);
        // Usually its output ends because the program did, which a busy machine may report late.
        await ((Task)_process.Exited).WaitAsync(DrainMax, Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited)
            _ = StopAsync(ChildEnd.BadOutput, await reading ?? "its program closed its output.");
        var code = await _process.Exited;

        await DrainAsync(Task.WhenAll(reading, errors));
        _isUnread = !HasAnswered && _writer.IsUnread;
        _process.ClosePipes();
        var (end, why) = Why(code);
        _writer.Close(new IOException(why));
        await Task.WhenAll(reading, errors, writing);
        // Called before any call is notified, because the next action of a client may depend on the recorded end.
        _atEnd(this, end, why);
        Close(end == ChildEnd.NoMemory ? UpstreamException.NoMemory() : new IOException(why), new IOException(why));
        if (end is ChildEnd.Crashed or ChildEnd.BadOutput or ChildEnd.NoMemory)
            LogCrashed(_options.ServerName, _process.Id, why);
        else
            LogEnded(_options.ServerName, _process.Id, why);
        _ended.SetResult((end, why));
    }

    // Its last output is still in the pipe, whose other end may stay open forever in a process that left its group.
    private async Task DrainAsync(Task readers)
    {
        if (OperatingSystem.IsLinux())
        {
            // On Linux, the bytes that have arrived are still read after this, followed by the end
            // (unix_stream_recvmsg).
            _process.EndReading();
            await readers;
            return;
        }

        await readers.WaitAsync(DrainMax, Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private (ChildEnd End, string Why) Why(int code)
    {
        lock (_gate)
        {
            _end ??= ChildEnd.Crashed;
            _why ??= code switch
            {
                127 when !HasAnswered && _options.User is not null =>
                    $"its command {_options.Command} was not found, or could not be started as the configured user.",
                127 when !HasAnswered => $"its command {_options.Command} was not found.",
                126 when !HasAnswered => "its command or its working directory cannot be used.",
                124 when !HasAnswered =>
                    "its limits could not be set, because they exceed those of the gateway itself.",
                > 128 => $"its program was ended by signal {code - 128}.",
                _ => $"its program ended with exit code {code}.",
            };
            return (_end.Value, _why);
        }
    }

    /// <summary>Reads its output; returns null at the end, or the reason why reading stopped.</summary>
    private async Task<string?> ReadAsync()
    {
        var lines = new LineReader(_process.Output, _options.LineBytesMax, Memory, Share);
        try
        {
            while (await lines.ReadAsync() is { } bytes)
            {
                if (!await ReceiveAsync(bytes))
                    _metrics.Dropped(_options.ServerName);
            }

            return null;
        }
        catch (InvalidDataException e)
        {
            var why = $"its program sent {e.Message}.";
            SetEnd(ChildEnd.BadOutput, why);
            _process.Signal(Posix.SigKill);
            return why;
        }
        catch (UpstreamException e)
        {
            SetEnd(ChildEnd.NoMemory, e.Message);
            _process.Signal(Posix.SigKill);
            return e.Message;
        }
        finally
        {
            lines.Release();
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Server} [{Process}]: {Why}")]
    private partial void LogCrashed(string server, int process, string why);

    [LoggerMessage(2, LogLevel.Information, "{Server} [{Process}]: started for {Caller}")]
    private partial void LogStarted(string server, int process, string caller);

    [LoggerMessage(3, LogLevel.Information, "{Server} [{Process}]: ended: {Why}")]
    private partial void LogEnded(string server, int process, string why);
}
