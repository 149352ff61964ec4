using System.Buffers;
using System.Net.Sockets;

namespace Gateway.LoadTests.RateLimits;

/// <summary>
/// One connection to Redis that sends all pending commands in one write, as its clients do; reconnects after a loss.
/// </summary>
internal sealed class RedisPipeline(int port) : IDisposable
{
    private readonly Lock _lock = new();
    private Connection? _connection;

    /// <summary>
    /// Adds to a counter and returns the new value; the key expires after so many seconds, as in other implementations.
    /// </summary>
    /// <exception cref="IOException">Redis is unavailable, or the connection was lost before the response.</exception>
    public Task<long> AddAsync(string key, long by, long seconds)
    {
        lock (_lock)
        {
            if (_connection is not { IsLost: false })
            {
                _connection?.Dispose();
                _connection = new Connection(port);
            }

            var added = _connection.Send(["INCRBY", key, by.ToString(CultureInfo.InvariantCulture)]);
            // The result has no meaning here, but must be observed.
            _ = _connection.Send(["EXPIRE", key, seconds.ToString(CultureInfo.InvariantCulture)])
                .ContinueWith(static late => late.Exception, TaskScheduler.Default);
            return added;
        }
    }

    public void Dispose() => _connection?.Dispose();

    private sealed class Connection : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly Lock _lock = new();
        private readonly SemaphoreSlim _gathered = new(0);
        private readonly Queue<TaskCompletionSource<long>> _asked = [];
        private ArrayBufferWriter<byte> _next = new();

        public Connection(int port)
        {
            try
            {
                _socket.Connect(IPAddress.Loopback, port);
            }
            catch (SocketException e)
            {
                _socket.Dispose();
                throw new IOException(e.Message, e);
            }

            _ = Task.Run(WriteAsync);
            _ = Task.Run(ReadAsync);
        }

        public bool IsLost { get; private set; }

        public Task<long> Send(string[] command)
        {
            var asked = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_lock)
            {
                if (IsLost)
                    throw new IOException("Redis is away.");
                var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
                foreach (var word in command)
                {
                    var bytes = Encoding.UTF8.GetByteCount(word);
                    text.Append(CultureInfo.InvariantCulture, $"${bytes}\r\n{word}\r\n");
                }

                Encoding.UTF8.GetBytes(text.ToString(), _next);
                _asked.Enqueue(asked);
            }

            _gathered.Release();
            return asked.Task;
        }

        public void Dispose()
        {
            Lose(new IOException("The connection to Redis was closed."));
            _socket.Dispose();
        }

        private async Task WriteAsync()
        {
            var sent = new ArrayBufferWriter<byte>();
            try
            {
                while (!IsLost)
                {
                    await _gathered.WaitAsync();
                    lock (_lock)
                        (sent, _next) = (_next, sent);
                    for (var rest = sent.WrittenMemory; rest.Length > 0;)
                        rest = rest[await _socket.SendAsync(rest)..];
                    sent.ResetWrittenCount();
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                Lose(e);
            }
        }

        private async Task ReadAsync()
        {
            try
            {
                using var stream = new NetworkStream(_socket);
                using var lines = new StreamReader(stream, Encoding.ASCII);
                while (await lines.ReadLineAsync() is { } line)
                {
                    TaskCompletionSource<long> asked;
                    lock (_lock)
                        asked = _asked.Dequeue();
                    if (line.StartsWith(':'))
                        asked.SetResult(long.Parse(line.AsSpan(1), CultureInfo.InvariantCulture));
                    else
                        asked.SetException(new IOException(line));
                }

                Lose(new IOException("Redis has closed the connection."));
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                Lose(e);
            }
        }

        private void Lose(Exception why)
        {
            lock (_lock)
            {
                IsLost = true;
                foreach (var asked in _asked)
                    asked.TrySetException(new IOException(why.Message, why));
                _asked.Clear();
            }

            _gathered.Release();
        }
    }
}
