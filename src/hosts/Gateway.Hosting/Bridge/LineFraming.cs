using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Hosting.Bridge;

/// <summary>Messages on standard input and output: one per line, as bytes, each written whole.</summary>
internal sealed class LineFraming(Stream input, Stream output) : IDisposable
{
    /// <summary>
    /// The maximum length of a message in bytes: the gateway's own maximum, and room for its refusal.
    /// </summary>
    public const int LineBytesMax = 8 * 1024 * 1024;

    private readonly PipeReader _input = PipeReader.Create(input, new StreamPipeReaderOptions(leaveOpen: true));
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>Reads the next line that is not empty; null at the end.</summary>
    /// <exception cref="InvalidDataException">A line is longer than <see cref="LineBytesMax"/>.</exception>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // A read of standard input cannot be canceled; it is abandoned, and ends with the process.
            var read = await _input.ReadAsync(CancellationToken.None).AsTask().WaitAsync(cancellationToken);
            var buffer = read.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = Trim(buffer.Slice(0, end));
                _input.AdvanceTo(buffer.GetPosition(1, end));
                if (line.Length > 0)
                    return line;
                continue;
            }

            if (buffer.Length > LineBytesMax)
                throw new InvalidDataException($"a message of more than {LineBytesMax} bytes");
            if (read.IsCompleted)
            {
                // A client that pipes one message in may omit the line break at the end.
                var rest = Trim(buffer);
                _input.AdvanceTo(buffer.End);
                return rest.Length > 0 ? rest : null;
            }

            _input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>
    /// Writes a message on one line: a JSON string contains no raw line break, so every line break is white space.
    /// </summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> message)
    {
        var line = new byte[message.Length + 1];
        message.CopyTo(line);
        var text = line.AsSpan(0, message.Length);
        text.Replace((byte)'\n', (byte)' ');
        text.Replace((byte)'\r', (byte)' ');
        line[^1] = (byte)'\n';
        await _writing.WaitAsync();
        try
        {
            await output.WriteAsync(line);
            await output.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();

    private static byte[] Trim(in ReadOnlySequence<byte> line) => line.ToArray().AsSpan().Trim(" \t\r"u8).ToArray();
}
