using System.Text;

namespace Gateway.Hosting.Options;

/// <summary>Standard output cannot be written: its disk is full, or it is closed.</summary>
internal sealed class OutputException : Exception
{
    /// <param name="cause">The error of the write.</param>
    public OutputException(Exception cause)
        : base($"The output could not be written: {cause.Message.TrimEnd('.')}.", cause)
    {
    }

    /// <summary>Creates the error of a pipe whose reader has ended.</summary>
    public OutputException()
        : base("The output could not be written: nothing reads it any more.") => IsBrokenPipe = true;

    /// <summary>True if the reader of the output has ended, as <c>head</c> does after its last line.</summary>
    public bool IsBrokenPipe { get; }
}

/// <summary>Standard output of a verb. Its failures differ in type from those of the connection to a gateway.</summary>
/// <param name="inner">The output.</param>
/// <param name="hasNoReader">Returns true if nothing reads the output any more.</param>
internal sealed class CheckedOutput(TextWriter inner, Func<bool> hasNoReader) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (hasNoReader())
            throw new OutputException();
        try
        {
            inner.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(e);
        }
    }

    /// <summary>Also fails if nothing reads the output any more.</summary>
    public override void Flush()
    {
        if (hasNoReader())
            throw new OutputException();
        inner.Flush();
    }
}
