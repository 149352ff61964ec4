using System.Net.Sockets;
using Gateway.Proxy.Upstreams.Stdio.Native;

namespace Gateway.Proxy.Upstreams.Stdio.Processes;

/// <summary>
/// One program in its own process group. Only its owner, <see cref="ProcessManager"/>, reaps it. Until then its id is
/// not reused, so a signal never reaches an unrelated process.
/// </summary>
internal sealed class ChildProcess(int id, Socket input, Socket output, Socket errors)
{
    // This script runs first, until the process manager has registered the group with the supervisor. The program then
    // replaces it in the same process, so that the id and the group stay. Without the line on descriptor 3, the program
    // never starts.
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

    /// <summary>The exit code, or 128 plus the signal, once the child and its whole group have ended.</summary>
    public Task<int> Exited => _exited.Task;

    /// <summary>
    /// Starts a script that waits for a line on <paramref name="word"/> before it becomes the program.
    /// </summary>
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

    /// <summary>True if the program itself has ended, reaped or not.</summary>
    public bool HasExited
    {
        get
        {
            lock (_gate)
                return _isReaped || Posix.HasExited(Id);
        }
    }

    /// <summary>Signals the whole group, unless it has been reaped.</summary>
    public void Signal(int signal)
    {
        lock (_gate)
        {
            if (!_isReaped)
                Posix.SignalGroup(Id, signal);
        }
    }

    /// <summary>If the program has ended, kills the rest of its group and removes it from the process table.</summary>
    /// <param name="beforeReaping">Runs while the id still belongs to the child.</param>
    /// <returns>True exactly once, when it was reaped.</returns>
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

    /// <summary>Ends reading of its output and standard error after the bytes that have already arrived.</summary>
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
                // The other end is closed, so reading ends by itself.
            }
        }
    }

    /// <summary>Closes the pipes; pending reads and writes end.</summary>
    public void ClosePipes()
    {
        Input.Dispose();
        Output.Dispose();
        Errors.Dispose();
    }

    private static Socket Open(int descriptor) => new(new SafeSocketHandle(descriptor, ownsHandle: true));
}
