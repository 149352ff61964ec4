namespace Gateway.Channels.Tests;

/// <summary>A connection to a mail server that replies to each line by a function. DATA gets 354.</summary>
internal sealed class ScriptedMail(Func<string, string> reply) : Stream
{
    private readonly List<byte> _replies = [.. "220 mail.test\r\n"u8];

    private bool _isMessage;

    /// <summary>The lines of the client without those of the message.</summary>
    public List<string> Commands { get; } = [];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var length = Math.Min(count, _replies.Count);
        _replies.CopyTo(0, buffer, offset, length);
        _replies.RemoveRange(0, length);
        return length;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count)
    {
        foreach (var line in Encoding.UTF8.GetString(buffer, offset, count).Split(
            "\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            if (_isMessage && line != ".")
                continue;
            Commands.Add(line);
            var answer = reply(line);
            _isMessage = line == "DATA" && answer.StartsWith("250", StringComparison.Ordinal);
            _replies.AddRange(Encoding.UTF8.GetBytes(_isMessage ? "354 go\r\n" : answer + "\r\n"));
        }
    }
}
