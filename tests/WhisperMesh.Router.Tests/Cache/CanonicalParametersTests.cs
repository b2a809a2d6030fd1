using System.Collections;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using WhisperMesh.Router.Cache;
using WhisperMesh.Speech.V1;

namespace WhisperMesh.Router.Tests.Cache;

public sealed class CanonicalParametersTests
{
    // What changes nothing of a result, or is told apart elsewhere: the model by its revision, details by the stored result.
    private static readonly HashSet<string> WithoutEffect =
        ["model", "request_id", "attempt", "request_class", "cache_scope", "word_timestamps", "token_details"];

    public static TheoryData<string> Fields => [.. Paths(TranscriptionConfig.Descriptor, "")];

    [Theory]
    [MemberData(nameof(Fields))]
    public void Of_FieldSet_SplitsTheCacheUnlessItHasNoEffect(string path)
    {
        var changed = new TranscriptionConfig();
        Set(changed, path.Split('.'));

        var same = CanonicalParameters.Of(changed).SequenceEqual(CanonicalParameters.Of(new TranscriptionConfig()));

        same.ShouldBe(WithoutEffect.Contains(path), path);
    }

    [Fact]
    public void WithoutEffect_EachName_IsAField() =>
        WithoutEffect.ShouldBeSubsetOf(TranscriptionConfig.Descriptor.Fields.InFieldNumberOrder().Select(field => field.Name));

    [Fact]
    public void Of_DefaultsSpeltOut_IsAsIfTheyWereNot()
    {
        var config = new TranscriptionConfig
        {
            Task = TranscriptionTask.Transcribe,
            Temperature = -0f,
            BeamSize = 1,
            BestOf = 5,
            ChannelMode = ChannelMode.Mixed,
            AudioFormat = new AudioFormat(),
            Thresholds = new DecodingThresholds { CompressionRatio = 2.4f, LogProbability = -1, NoSpeech = 0.6f },
            LanguageSwitching = new LanguageSwitching { WindowCount = 2, Probability = 0.8f },
            VoiceActivity = new VoiceActivity { Threshold = 0.5f },
            ResumeOffset = new(),
        };

        CanonicalParameters.Of(config).ShouldBe(CanonicalParameters.Of(new TranscriptionConfig()));
    }

    [Fact]
    public void Of_LanguagesInAnotherOrderAndSpelling_IsTheSame() =>
        CanonicalParameters.Of(new TranscriptionConfig { LanguageCodes = { "pt-BR", "EN", "pt-br" } })
            .ShouldBe(CanonicalParameters.Of(new TranscriptionConfig { LanguageCodes = { "en", "pt-BR" } }));

    [Fact]
    public void Of_KeywordsInAnotherOrder_Differs() =>
        CanonicalParameters.Of(new TranscriptionConfig { Keywords = { "a", "b" } })
            .ShouldNotBe(CanonicalParameters.Of(new TranscriptionConfig { Keywords = { "b", "a" } }));

    [Fact]
    public void Of_AnyConfiguration_IsTheSameForACopyAndLeavesItAsItIs()
    {
        var configurations = from prompt in ArbMap.Default.ArbFor<NonNull<string>>().Generator
                             from keywords in ArbMap.Default.ArbFor<NonNull<string>[]>().Generator
                             from seed in ArbMap.Default.ArbFor<int>().Generator
                             from temperature in Gen.Choose(0, 10)
                             from task in Gen.Choose(0, 2)
                             select Configuration(prompt.Get, [.. keywords.Select(word => word.Get)], seed, temperature, task);
        Prop.ForAll(configurations.ToArbitrary(), config =>
        {
            var before = config.Clone();

            var canonical = CanonicalParameters.Of(config);

            return config.Equals(before)
                && canonical.SequenceEqual(CanonicalParameters.Of(TranscriptionConfig.Parser.ParseFrom(config.ToByteArray())))
                && canonical.SequenceEqual(CanonicalParameters.Of(TranscriptionConfig.Parser.ParseFrom(canonical)));
        }).QuickCheckThrowOnFailure();
    }

    private static TranscriptionConfig Configuration(string prompt, string[] keywords, int seed, int temperature, int task) => new()
    {
        // What protobuf cannot carry: half a character.
        Prompt = string.Concat(prompt.Where(character => !char.IsSurrogate(character))),
        Keywords = { keywords.Select(word => string.Concat(word.Where(character => !char.IsSurrogate(character)))) },
        Seed = seed,
        Temperature = temperature / 10f,
        Task = (TranscriptionTask)task,
        Thresholds = temperature % 2 == 0 ? null : new DecodingThresholds { NoSpeech = temperature / 10f },
    };

    private static IEnumerable<string> Paths(MessageDescriptor message, string prefix) =>
        message.Fields.InFieldNumberOrder().SelectMany(field =>
            field is { FieldType: FieldType.Message, IsRepeated: false } && field.MessageType.File.Package.StartsWith("whispermesh", StringComparison.Ordinal)
                ? Paths(field.MessageType, $"{prefix}{field.Name}.")
                : [prefix + field.Name]);

    private static void Set(IMessage message, ReadOnlySpan<string> path)
    {
        var field = message.Descriptor.FindFieldByName(path[0]);
        if (path.Length > 1)
        {
            var inner = field.MessageType.Parser.ParseFrom(ByteString.Empty);
            Set(inner, path[1..]);
            field.Accessor.SetValue(message, inner);
        }
        else if (field.IsRepeated)
        {
            ((IList)field.Accessor.GetValue(message)).Add(Unusual(field));
        }
        else
        {
            field.Accessor.SetValue(message, Unusual(field));
        }
    }

    // A value that is no field's default.
    private static object Unusual(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.String => "xx",
        FieldType.Bool => true,
        FieldType.Int32 => 7,
        FieldType.Int64 => 7L,
        FieldType.Float => 0.375f,
        FieldType.Double => 0.375,
        FieldType.Enum => field.EnumType.Values[^1].Number,
        FieldType.Message when field.MessageType.FullName == "google.protobuf.Duration" =>
            new Google.Protobuf.WellKnownTypes.Duration { Seconds = 7 },
        _ => throw new NotSupportedException($"Say here what an unusual {field.FieldType} is."),
    };
}
