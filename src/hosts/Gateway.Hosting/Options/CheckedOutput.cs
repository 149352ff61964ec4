using System.Text;

namespace Gateway.Hosting.Options;

/// <summary>Standard output cannot be written: its disk is full, or it is closed.</summary>
internal sealed class OutputException(Exception cause)
    : Exception($"The output could not be written: {cause.Message.TrimEnd('.')}.", cause);

/// <summary>Standard output of a verb. Its failures differ in type from those of the connection to a gateway.</summary>
internal sealed class CheckedOutput(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void Write(ReadOnlySpan<char> buffer)
    {
        try
        {
            inner.Write(buffer);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(e);
        }
    }

    public override void Flush() => inner.Flush();
}
