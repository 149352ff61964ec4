using Gateway.Hosting.Commands.Printing;
using Gateway.Hosting.Options;

namespace Gateway.Hosting.Tests.Commands.Printing;

public sealed class OutputTests
{
    [Fact]
    public void A_write_to_a_full_disk_is_reported_as_lost_output_not_as_a_lost_connection()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using var full = new FileStream(
            "/dev/full", new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Write, BufferSize = 0 });
        var output = new CheckedOutput(new StreamWriter(full) { AutoFlush = true }, static () => false);

        var lost = Assert.Throws<OutputException>(() => output.WriteLine("a token"));

        Assert.StartsWith("The output could not be written: No space left on device", lost.Message,
            StringComparison.Ordinal);
        Assert.IsNotAssignableFrom<IOException>(lost);
    }

    [Fact]
    public void A_write_that_nobody_reads_is_a_broken_pipe()
    {
        using var lost = new StringWriter();
        var output = new CheckedOutput(lost, static () => true);

        Assert.True(Assert.Throws<OutputException>(() => output.WriteLine("a token")).IsBrokenPipe);
        Assert.True(Assert.Throws<OutputException>(output.Flush).IsBrokenPipe);
        Assert.Equal("", lost.ToString());
    }

    [Fact]
    public void Csv_has_whole_hashes_and_empty_cells_where_a_table_has_their_beginnings_and_a_dash()
    {
        Assert.Equal("name,sha256,by\na,0123456789abcdef,\n", Print(OutputFormat.Csv));
        Assert.Equal("NAME  SHA256        BY\na     0123456789ab  -\n", Print(OutputFormat.Table));
    }

    private static string Print(OutputFormat format)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        new Output(writer, format).Table(
            ["a"], "None.",
            ("NAME", static name => name), ("SHA256", static _ => "0123456789abcdef"), ("BY", static _ => null));
        return writer.ToString();
    }
}
