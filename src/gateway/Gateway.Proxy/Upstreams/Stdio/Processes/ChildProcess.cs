using System.Net.Sockets;
using Gateway.Proxy.Upstreams.Stdio.Native;

namespace Gateway.Proxy.Upstreams.Stdio.Processes;

/// <summary>
/// One program in a process group of its own. Its owner is <see cref="ProcessManager"/>, which alone reaps it; until
/// then its id is not given to anybody else, so a signal never hits a stranger.
/// </summary>
internal sealed class ChildProcess(int id, Socket input, Socket output, Socket errors)
{
    // Runs in the child's place until the keeper has entered the group with the supervisor; the program then takes over
    // its process, so that id and group stay. Without the word on descriptor 3 there is never any program.
    private const string Gate = """
        IFS= read -r word <&3 || exit 125
        exec 3<&-
        if [ -n "$1" ]; then cd -- "$1" || exit 126; fi
        for word in $2; do
          case $word in
            u=*) ulimit -u "${word#*=}" 2>/dev/null || ulimit -p "${word#*=}" || exit 124 ;;
            *) ulimit "-${word%%=*}" "${word#*=}" || exit 124 ;;
          esac
        done
        unset OLDPWD word
        shift 2
        exec "$@"
        """;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isReaped;

    public int Id { get; } = id;

    public Socket Input { get; } = input;

    public Socket Output { get; } = output;

    public Socket Errors { get; } = errors;

    /// <summary>The exit code, or 128 and the signal, once the child and its whole group are gone.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>Starts a program that waits for <paramref name="word"/> before it is itself.</summary>
    public static ChildProcess Start(ChildStart start, out Socket word) =>
        Start("/bin/sh",
            [
                "-c", Gate, "sh", start.WorkingDirectory ?? "", start.Limits.ToWords(),
                .. start.User?.ToWords() ?? [], start.Command, .. start.Arguments,
            ],
            start.Environment, out word);

    /// <summary>Starts a program with four pipes, its descriptors 0 to 3.</summary>
    public static ChildProcess Start(
        string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, out Socket word)
    {
        Span<int> ours = stackalloc int[4];
        Span<int> theirs = stackalloc int[4];
        var made = 0;
        try
        {
            for (; made < 4; made++)
                (ours[made], theirs[made]) = Posix.SocketPair();
            var process = Spawn.Start(path, arguments, environment, theirs);
            word = Open(ours[3]);
            return new ChildProcess(process, Open(ours[0]), Open(ours[1]), Open(ours[2]));
        }
        catch (IOException)
        {
            foreach (var descriptor in ours[..made])
                _ = Posix.Close(descriptor);
            throw;
        }
        finally
        {
            foreach (var descriptor in theirs[..made])
                _ = Posix.Close(descriptor);
        }
    }

    /// <summary>Whether the program itself has ended, reaped or not.</summary>
    public bool HasExited
    {
        get
        {
            lock (_gate)
                return _isReaped || Posix.HasExited(Id);
        }
    }

    /// <summary>Signals the whole group, unless it is gone.</summary>
    public void Signal(int signal)
    {
        lock (_gate)
        {
            if (!_isReaped)
                Posix.SignalGroup(Id, signal);
        }
    }

    /// <summary>
    /// Where the program has ended: ends what it left in its group, and takes it off the process table.
    /// </summary>
    /// <param name="beforeReaping">Runs while the id still belongs to the child.</param>
    /// <returns>True once, when it was reaped.</returns>
    public bool TryReap(Action<int> beforeReaping)
    {
        int code;
        lock (_gate)
        {
            if (_isReaped || !Posix.HasExited(Id))
                return false;
            Posix.SignalGroup(Id, Posix.SigKill);
            beforeReaping(Id);
            code = Posix.Reap(Id);
            Posix.ReapGroup(Id);
            _isReaped = true;
        }

        _exited.TrySetResult(code);
        return true;
    }

    /// <summary>Takes nothing more from its output and its complaints than has arrived.</summary>
    public void EndReading()
    {
        foreach (var pipe in (Socket[])[Output, Errors])
        {
            try
            {
                pipe.Shutdown(SocketShutdown.Receive);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Nobody holds the other end, so it ends by itself.
            }
        }
    }

    /// <summary>Closes the pipes; what is read or written meanwhile ends.</summary>
    public void ClosePipes()
    {
        Input.Dispose();
        Output.Dispose();
        Errors.Dispose();
    }

    private static Socket Open(int descriptor) => new(new SafeSocketHandle(descriptor, ownsHandle: true));
}
