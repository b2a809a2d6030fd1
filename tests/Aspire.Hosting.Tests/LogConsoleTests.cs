using Aspire.Hosting.Output;

namespace Aspire.Hosting.Tests;

public sealed class LogConsoleTests
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    [Fact]
    public void Write_NoColor_AlignsPrefixesAndTakesEscapesAway()
    {
        var console = new LogConsole(_output, color: false);
        console.Reserve(["redis", "transcription-1"]);

        console.Write("redis", "\e[31mready\e[0m");
        console.Write("transcription-1", "up");

        _output.ToString().ShouldBe("redis           | ready\ntranscription-1 | up\n");
    }

    [Fact]
    public void Write_Color_GivesEachProcessItsOwnAndNoneTheNext()
    {
        var console = new LogConsole(_output, color: true);
        console.Reserve(["redis-a", "redis-b"]);

        console.Write("redis-a", "one");
        console.Write("redis-b", "\e[31mtwo");

        _output.ToString().ShouldBe("\e[36mredis-a\e[0m | one\n\e[33mredis-b\e[0m | \e[31mtwo\e[0m\n");
    }
}
