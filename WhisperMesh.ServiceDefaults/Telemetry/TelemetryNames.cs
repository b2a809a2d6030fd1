namespace WhisperMesh.ServiceDefaults.Telemetry;

/// <summary>
/// All names in the mesh's traces and metrics; docs/telemetry-names.md says what they mean. Projects without the service defaults
/// compile this file too. No value under any of them is text that was spoken, a key, or audio.
/// </summary>
internal static class TelemetryNames
{
    /// <summary>Activity sources and meters.</summary>
    internal static class Sources
    {
        public const string Router = "WhisperMesh.Router";
        public const string Transcription = "WhisperMesh.Transcription";
        public const string Whisper = "WhisperMesh.Whisper";
        public const string Synthesis = "WhisperMesh.Synthesis";
        public const string Client = "WhisperMesh.Client";
        public const string Telemetry = "WhisperMesh.Telemetry";
    }

    internal static class Spans
    {
        // The .NET client.
        public const string ClientTranscribe = "whispermesh transcribe";
        public const string ClientLive = "whispermesh transcribe_live";
        public const string ClientSynthesize = "whispermesh synthesize";
        public const string ClientDetectLanguage = "whispermesh detect_language";
        public const string ClientListModels = "whispermesh list_models";
        public const string ClientCheckHealth = "whispermesh check_health";

        // The router.
        public const string Accept = "accept";
        public const string Cache = "cache";
        public const string LanguageChoice = "language choice";
        public const string Admission = "admission";
        public const string Route = "route";
        public const string Attempt = "attempt";
        public const string Quality = "quality";
        public const string Response = "response";
        public const string LiveSession = "live session";

        // A worker.
        public const string Queue = "queue";
        public const string AudioDecoding = "audio decoding";
        public const string VoiceDetection = "voice detection";
        public const string ModelLoad = "model load";
        public const string PostProcessing = "post-processing";
        public const string Piece = "synthesize piece";
        public const string Encode = "encode";

        // The engine.
        public const string LanguageDetection = "language detection";
        public const string Window = "window";
        public const string Windows = "windows";
        public const string Features = "features";
        public const string Encoder = "encoder";
        public const string Prefill = "prefill";
        public const string Decoder = "decoder";
        public const string Alignment = "alignment";
        public const string Utterance = "utterance";
        public const string Pass = "pass";
        public const string Utterances = "utterances";
    }

    internal static class Events
    {
        public const string FirstAudio = "first audio";
        public const string Fallback = "fallback";
        public const string Resumed = "resumed";
    }

    internal static class Attributes
    {
        // Of the OpenTelemetry conventions.
        public const string ErrorType = "error.type";

        // Of a request.
        public const string RequestId = "whispermesh.request_id";
        public const string Operation = "whispermesh.operation";
        public const string Outcome = "whispermesh.outcome";
        public const string Reason = "whispermesh.reason";
        public const string Class = "whispermesh.class";
        public const string Attempt = "whispermesh.attempt";
        public const string WorkerId = "whispermesh.worker_id";
        public const string Model = "whispermesh.model";
        public const string Language = "whispermesh.language";
        public const string RouteName = "whispermesh.route.name";
        public const string RouteReason = "whispermesh.route.reason";
        public const string RouteAlternatives = "whispermesh.route.alternatives";
        public const string External = "whispermesh.route.external";
        public const string Hedge = "whispermesh.hedge";
        public const string ResumedFrom = "whispermesh.resumed_from";
        public const string CacheOutcome = "whispermesh.cache.outcome";
        public const string Verdict = "whispermesh.verdict";
        public const string State = "whispermesh.state";
        public const string SampledBy = "whispermesh.sampled_by";
        public const string Decision = "whispermesh.decision";
        public const string Words = "whispermesh.words";

        // Measures, in the unit that the name says; durations and audio are seconds.
        public const string Bytes = "whispermesh.bytes";
        public const string AudioSeconds = "whispermesh.audio_seconds";
        public const string SpeechSeconds = "whispermesh.speech_seconds";
        public const string BusySeconds = "whispermesh.busy_seconds";
        public const string WaitSeconds = "whispermesh.wait_seconds";
        public const string EncoderSeconds = "whispermesh.encoder_seconds";
        public const string DecoderSeconds = "whispermesh.decoder_seconds";
        public const string PredictedAudioSeconds = "whispermesh.predicted.audio_seconds";
        public const string PredictedCostSeconds = "whispermesh.predicted.cost_seconds";
        public const string Segments = "whispermesh.segments";
        public const string PieceIndex = "whispermesh.piece.index";
        public const string Format = "whispermesh.audio_format";
        public const string Characters = "whispermesh.characters";
        public const string Probability = "whispermesh.probability";

        // Of the engine.
        public const string WindowIndex = "whispermesh.window.index";
        public const string WindowCount = "whispermesh.window.count";
        public const string WindowStart = "whispermesh.window.start_seconds";
        public const string Steps = "whispermesh.decoder.steps";
        public const string MeanRows = "whispermesh.decoder.mean_rows";
        public const string Tokens = "whispermesh.decoder.tokens";
        public const string Temperature = "whispermesh.decoder.temperature";
        public const string Fallbacks = "whispermesh.decoder.fallbacks";
        public const string LogProbability = "whispermesh.log_probability";
        public const string NoSpeechProbability = "whispermesh.no_speech_probability";
        public const string CompressionRatio = "whispermesh.compression_ratio";

        // Of live streams.
        public const string UtteranceIndex = "whispermesh.live.utterance";
        public const string UtteranceCount = "whispermesh.live.utterances";
        public const string PassCount = "whispermesh.live.passes";
        public const string IsFinal = "whispermesh.live.final";
    }

    internal static class Metrics
    {
        // The router: requests.
        public const string RequestDuration = "whispermesh.router.request.duration";
        public const string RequestErrors = "whispermesh.router.request.errors";
        public const string RequestsActive = "whispermesh.router.request.active";
        public const string AudioIn = "whispermesh.router.audio.in";
        public const string AudioOut = "whispermesh.router.audio.out";
        public const string RealTimeFactor = "whispermesh.router.real_time_factor";
        public const string FirstAudio = "whispermesh.router.first_audio";
        public const string Attempts = "whispermesh.router.attempts";
        public const string Retries = "whispermesh.router.retries";
        public const string RetriesDenied = "whispermesh.router.retries.denied";
        public const string Hedges = "whispermesh.router.hedges";
        public const string Verdicts = "whispermesh.router.verdicts";
        public const string QualityRetries = "whispermesh.router.quality.retries";

        // The router: queue, workers, stores.
        public const string Shed = "whispermesh.router.shed";
        public const string QueueWait = "whispermesh.router.queue.wait";
        public const string QueueLength = "whispermesh.router.queue.length";
        public const string QueueAge = "whispermesh.router.queue.age";
        public const string WorkerLimit = "whispermesh.router.worker.limit";
        public const string Workers = "whispermesh.router.workers";
        public const string Ejections = "whispermesh.router.ejections";
        public const string CircuitOpens = "whispermesh.router.circuit.opens";
        public const string SpoolUsage = "whispermesh.router.spool.usage";
        public const string SpoolFiles = "whispermesh.router.spool.files";
        public const string CacheRequests = "whispermesh.router.cache.requests";
        public const string CacheFlights = "whispermesh.router.cache.flights";
        public const string CacheWaiting = "whispermesh.router.cache.waiting";
        public const string BudgetRequests = "whispermesh.router.budget.requests";
        public const string BudgetAudio = "whispermesh.router.budget.audio";
        public const string BudgetCharacters = "whispermesh.router.budget.characters";
        public const string BudgetDenied = "whispermesh.router.budget.denied";

        // The router: live streams and captions.
        public const string LiveStreams = "whispermesh.router.live.streams";
        public const string LiveActive = "whispermesh.router.live.active";
        public const string LiveAudio = "whispermesh.router.live.audio";
        public const string LiveLag = "whispermesh.router.live.lag";
        public const string LiveReturns = "whispermesh.router.live.returns";
        public const string LiveMoves = "whispermesh.router.live.moves";
        public const string LiveReplayed = "whispermesh.router.live.replayed";
        public const string LiveLost = "whispermesh.router.live.lost";
        public const string CaptionChannels = "whispermesh.router.captions.channels";
        public const string CaptionViewers = "whispermesh.router.captions.viewers";
        public const string CaptionUsage = "whispermesh.router.captions.usage";
        public const string CaptionSkips = "whispermesh.router.captions.skips";

        // A transcription worker.
        public const string TranscriptionDuration = "whispermesh.transcription.duration";
        public const string TranscriptionErrors = "whispermesh.transcription.errors";
        public const string TranscriptionQueue = "whispermesh.transcription.queue.duration";
        public const string TranscriptionActive = "whispermesh.transcription.active";
        public const string TranscriptionQueued = "whispermesh.transcription.queued";
        public const string TranscriptionAudio = "whispermesh.transcription.audio";
        public const string TranscriptionFactor = "whispermesh.transcription.real_time_factor";
        public const string TranscriptionSegments = "whispermesh.transcription.segments";
        public const string ModelLoads = "whispermesh.transcription.model.loads";
        public const string ModelLoadDuration = "whispermesh.transcription.model.load.duration";
        public const string ModelUnloads = "whispermesh.transcription.model.unloads";
        public const string ModelsResident = "whispermesh.transcription.model.resident";
        public const string ModelMemory = "whispermesh.transcription.model.memory";
        public const string WorkerLiveActive = "whispermesh.transcription.live.active";
        public const string WorkerLiveStreams = "whispermesh.transcription.live.streams";
        public const string WorkerLiveAudio = "whispermesh.transcription.live.audio";
        public const string WorkerLiveLag = "whispermesh.transcription.live.lag";
        public const string WorkerLiveWords = "whispermesh.transcription.live.words";
        public const string WorkerLivePasses = "whispermesh.transcription.live.passes";
        public const string WorkerLiveDecoding = "whispermesh.transcription.live.decoding";

        // The engine.
        public const string StepRows = "whispermesh.whisper.step.rows";
        public const string Windows = "whispermesh.whisper.windows";
        public const string Tokens = "whispermesh.whisper.tokens";
        public const string Fallbacks = "whispermesh.whisper.fallbacks";

        // A synthesis worker.
        public const string SynthesisDuration = "whispermesh.synthesis.duration";
        public const string SynthesisErrors = "whispermesh.synthesis.errors";
        public const string SynthesisQueue = "whispermesh.synthesis.queue.duration";
        public const string SynthesisActive = "whispermesh.synthesis.active";
        public const string SynthesisQueued = "whispermesh.synthesis.queued";
        public const string SynthesisFirstAudio = "whispermesh.synthesis.first_audio";
        public const string SynthesisAudio = "whispermesh.synthesis.audio";
        public const string SynthesisFactor = "whispermesh.synthesis.real_time_factor";

        // Every process: what became of traces that are not kept by their id.
        public const string Traces = "whispermesh.telemetry.traces";
        public const string SpansLost = "whispermesh.telemetry.spans.lost";
    }
}
